import type { FromProvenancePage, ToProvenancePage } from '../../../server/src/protocol';
import { editorOf } from '../webview';
import { readMessage } from './messages';
import { type PageState, readPageState } from './page-state';

/** The panel of provenance, as its page sees it; the panel reads its target from the state when it builds the page anew. */
export const { post, onMessage, keptState, keepState } = editorOf<FromProvenancePage, ToProvenancePage, PageState>({
  readMessage,
  readState: readPageState,
});
