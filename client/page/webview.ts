interface EditorApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

/** What the editor gives a page. It hands it out once, so every part of the page takes it from here. */
export const api = acquireVsCodeApi();
