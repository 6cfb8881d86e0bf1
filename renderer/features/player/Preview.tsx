import type { Storyboard } from '../../../contract/viewing.ts';
import { tileAt } from './storyboard.ts';

/** The storyboard's picture of a place. Its sheet is asked for when it is looked at, under the lease of the viewing. */
export function Preview({ storyboard, base, atMs }: { storyboard: Storyboard; base: string; atMs: number }) {
  const tile = tileAt(storyboard, atMs);
  if (!tile) return null;
  const { tileWidth, tileHeight } = storyboard;
  return (
    <span
      style={{
        display: 'block',
        width: tileWidth,
        height: tileHeight,
        borderRadius: 4,
        background: `#06090f url("${base}${tile.sheet}") -${tile.x}px -${tile.y}px`,
      }}
    />
  );
}
