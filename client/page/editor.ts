import type { FromPage, ToPage } from '../../server/src/protocol';
import { readMessage } from './messages';
import { type PageState, readPageState } from './view-state';
import { api } from './webview';

/** Tells the panel. */
export function post(message: FromPage): void {
  api.postMessage(message);
}

/** Calls `listener` with each message of the panel; what is not one of ours is left alone. */
export function onMessage(listener: (message: ToPage) => void): void {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const message = readMessage(event.data);
    if (message) listener(message);
  });
}

/** What the editor has kept of this page. */
export function keptState(): PageState {
  return readPageState(api.getState());
}

/** Has the editor keep `state`. */
export function keepState(state: PageState): void {
  api.setState(state);
}
