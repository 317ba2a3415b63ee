import type { FromProvenancePage, ToProvenancePage } from '../../../server/src/protocol';
import { api } from '../webview';
import { readMessage } from './messages';
import { type PageState, readPageState } from './page-state';

/** Tells the panel. */
export function post(message: FromProvenancePage): void {
  api.postMessage(message);
}

/** Calls `listener` with each message of the panel; what is not one of ours is left alone. */
export function onMessage(listener: (message: ToProvenancePage) => void): void {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const message = readMessage(event.data);
    if (message) listener(message);
  });
}

/** What the editor has kept of this page. */
export function keptState(): PageState {
  return readPageState(api.getState());
}

/** Has the editor keep `state`; the panel reads its target when it builds the page anew. */
export function keepState(state: PageState): void {
  api.setState(state);
}
