import { type BrowserWindow, dialog } from 'electron';
import type { ExportFormat } from '../../contract/history.ts';

/** Asks the person where to save; null when they do not want to. The path stays in main. */
export type ChooseFile = (suggested: string, format: ExportFormat) => Promise<string | null>;

const names: Record<ExportFormat, string> = { csv: 'CSV', jsonl: 'JSON Lines', pdf: 'PDF' };

/** The system's dialog over `window`. */
export const saveDialog =
  (window: () => BrowserWindow): ChooseFile =>
  async (defaultPath, format) => {
    const { filePath, canceled } = await dialog.showSaveDialog(window(), {
      defaultPath,
      filters: [{ name: names[format], extensions: [format] }],
    });
    return canceled || !filePath ? null : filePath;
  };
