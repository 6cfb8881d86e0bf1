import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const squeeze = promisify(deflate);

/**
 * A PNG (RFC 2083) of opaque pixels: `rgba` holds four bytes a pixel, row by row, of which the last is left out. It is packed by a thread
 * of the pool, so that nothing waits for it.
 */
export async function encodePng(width: number, height: number, rgba: Uint8Array): Promise<Buffer> {
  const rows = Buffer.alloc(height * (1 + width * 3));
  let to = 0;
  for (let y = 0; y < height; y += 1) {
    // Filter 1: each byte is the difference to the pixel before.
    rows[to++] = 1;
    for (let x = 0, from = y * width * 4; x < width; x += 1, from += 4) {
      for (let channel = 0; channel < 3; channel += 1) {
        const before = x === 0 ? 0 : (rgba[from + channel - 4] ?? 0);
        rows[to++] = ((rgba[from + channel] ?? 0) - before) & 0xff;
      }
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits a channel, red, green and blue.
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', await squeeze(rows)), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
