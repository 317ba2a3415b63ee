import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** What of the bundle a page loads. */
export interface PageKind {
  readonly script: string;
  readonly sheet: string;
  /** Class of the page's frame, for sheets that are about one page. */
  readonly frame: string;
}

/** The page's frame. Nothing but our own bundle runs in it, named by a nonce of this one load. */
export function pageHtml(webview: vscode.Webview, root: vscode.Uri, { script, sheet, frame }: PageKind): string {
  const nonce = randomBytes(16).toString('base64');
  const asset = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(root, name)).toString();
  const policy = [
    "default-src 'none'",
    `img-src ${webview.cspSource} data:`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="stylesheet" href="${asset(sheet)}">
    <title>Plumbline</title>
  </head>
  <body>
    <main id="app" class="${frame}"></main>
    <script type="module" nonce="${nonce}" src="${asset(script)}"></script>
  </body>
</html>`;
}
