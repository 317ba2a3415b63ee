/** Entry of the language server as the editor starts it, over IPC or with --stdio. */
import { serve } from './lsp';

serve();
