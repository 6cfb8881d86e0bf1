import { openSync, readSync } from 'node:fs';

/**
 * A display's picture, read from the file that Xvfb keeps it in (`-fbdir`): no program has to be asked. X window dump, 32 bits
 * a pixel, blue first.
 */
export function openPixels(file: string): { has(color: readonly [number, number, number]): boolean } {
  const descriptor = openSync(file, 'r');
  const header = Buffer.alloc(100);
  readSync(descriptor, header, 0, 100, 0);
  const headerSize = header.readUInt32BE(0);
  const height = header.readUInt32BE(20);
  const bytesPerLine = header.readUInt32BE(48);
  const colors = header.readUInt32BE(76);
  const start = headerSize + colors * 12;
  const line = Buffer.alloc(bytesPerLine);
  return {
    /** Whether a colour (within 3 of each part) is anywhere on a grid of 8 by 8 pixels. */
    has([red, green, blue]) {
      for (let y = 4; y < height; y += 8) {
        readSync(descriptor, line, 0, bytesPerLine, start + y * bytesPerLine);
        for (let x = 16; x < bytesPerLine; x += 32) {
          if (
            Math.abs((line[x] ?? 0) - blue) <= 3 &&
            Math.abs((line[x + 1] ?? 0) - green) <= 3 &&
            Math.abs((line[x + 2] ?? 0) - red) <= 3
          )
            return true;
        }
      }
      return false;
    },
  };
}
