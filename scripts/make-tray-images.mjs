// Draws assets/tray: the product's mark with the count of what waits, for one and for two device pixels a point, and the template that
// macOS colours by itself. Run it after the mark has changed: node scripts/make-tray-images.mjs
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { root } from './lib/steps.mjs';

const folder = path.join(root, 'assets/tray');
const points = 22;
mkdirSync(folder, { recursive: true });
const mark = await loadImage(path.join(root, 'assets/icon.png'));

for (const scale of [1, 2]) {
  const suffix = scale === 1 ? '' : `@${scale}x`;
  for (const [name, text] of [['0', ''], ...Array.from({ length: 9 }, (_, at) => [`${at + 1}`, `${at + 1}`]), ['more', '9+']])
    writeFileSync(path.join(folder, `${name}${suffix}.png`), counted(text, scale));
  writeFileSync(path.join(folder, `trayTemplate${suffix}.png`), template(scale));
}

function counted(text, scale) {
  const canvas = createCanvas(points * scale, points * scale);
  const draw = canvas.getContext('2d');
  draw.scale(scale, scale);
  draw.drawImage(mark, 1, 1, 20, 20);
  if (text === '') return canvas.toBuffer('image/png');
  const width = text.length > 1 ? 15 : 12;
  draw.beginPath();
  draw.roundRect(points - width, 10, width, 12, 6);
  draw.fillStyle = '#d6293e';
  draw.fill();
  draw.fillStyle = '#ffffff';
  draw.font = 'bold 10px Inter, "DejaVu Sans"';
  draw.textAlign = 'center';
  draw.textBaseline = 'middle';
  draw.fillText(text, points - width / 2, 16.5);
  return canvas.toBuffer('image/png');
}

/** An eye in black on nothing. */
function template(scale) {
  const canvas = createCanvas(points * scale, points * scale);
  const draw = canvas.getContext('2d');
  draw.scale(scale, scale);
  draw.lineWidth = 1.8;
  draw.beginPath();
  draw.moveTo(2, 11);
  draw.quadraticCurveTo(11, 1.5, 20, 11);
  draw.quadraticCurveTo(11, 20.5, 2, 11);
  draw.closePath();
  draw.stroke();
  draw.beginPath();
  draw.arc(11, 11, 3.2, 0, Math.PI * 2);
  draw.fill();
  return canvas.toBuffer('image/png');
}
