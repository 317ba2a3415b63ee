interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

/** What the editor gives a page. It hands it out once. */
const api = acquireVsCodeApi();

interface Parts<To, State> {
  /** Undefined for what is no message of the panel. */
  readonly readMessage: (value: unknown) => To | undefined;
  /** From whatever was kept. */
  readonly readState: (value: unknown) => State;
}

/** The ways between a page and its panel, in the page's own terms. */
export const editorOf = <From, To, State>({ readMessage, readState }: Parts<To, State>) => ({
  /** Tells the panel. */
  post: (message: From): void => api.postMessage(message),
  /** Calls `listener` with each message of the panel; what is not one of ours is left alone. */
  onMessage: (listener: (message: To) => void): void => {
    window.addEventListener('message', (event: MessageEvent<unknown>) => {
      const message = readMessage(event.data);
      if (message) listener(message);
    });
  },
  /** What the editor has kept of this page. */
  keptState: (): State => readState(api.getState()),
  /** Has the editor keep `state`. */
  keepState: (state: State): void => api.setState(state),
});
