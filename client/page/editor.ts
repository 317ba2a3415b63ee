import type { FromPage, ToPage } from '../../server/src/protocol';
import { readMessage } from './messages';
import { type PageState, readPageState } from './view-state';
import { editorOf } from './webview';

/** The panel of results, as its page sees it. */
export const { post, onMessage, keptState, keepState } = editorOf<FromPage, ToPage, PageState>({
  readMessage,
  readState: readPageState,
});
