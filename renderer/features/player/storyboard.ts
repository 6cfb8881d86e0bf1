import type { Storyboard } from '../../../contract/viewing.ts';

export type Tile = { sheet: string; x: number; y: number };

/** Which tile shows a place: its sheet, and where in it (px). Null where there is none. */
export function tileAt({ everyMs, columns, rows, tileWidth, tileHeight, sheets }: Storyboard, atMs: number): Tile | null {
  const number = Math.max(0, Math.floor(atMs / everyMs));
  const sheet = sheets[Math.floor(number / (columns * rows))];
  const place = number % (columns * rows);
  return sheet === undefined ? null : { sheet, x: (place % columns) * tileWidth, y: Math.floor(place / columns) * tileHeight };
}
