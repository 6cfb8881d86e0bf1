const font = (px: number) => `600 ${px}px system-ui, "DejaVu Sans", sans-serif`;

/** RGBA of `width` x `height`: `across` again and again over the whole, and the parts of `below` on a dark band along the lower edge. */
function drawWatermark({ width, height }: { width: number; height: number }, across: string, below: string[]): Uint8Array {
  const drawing = new OffscreenCanvas(width, height).getContext('2d');
  if (!drawing) throw new Error('no canvas');
  const px = Math.max(9, Math.round(Math.min(height / 40, width / 60)));

  drawing.save();
  drawing.font = font(Math.round(px * 1.2));
  drawing.fillStyle = 'rgba(255, 255, 255, 0.26)';
  drawing.strokeStyle = 'rgba(0, 0, 0, 0.3)';
  drawing.lineWidth = Math.max(1, px / 8);
  drawing.rotate(-Math.PI / 11);
  const stepX = drawing.measureText(across).width + px * 6;
  const reach = width + height;
  for (let y = -reach, row = 0; y < reach; y += px * 8, row += 1) {
    for (let x = -reach + (row % 2) * (stepX / 2); x < reach; x += stepX) {
      drawing.strokeText(across, x, y);
      drawing.fillText(across, x, y);
    }
  }
  drawing.restore();

  drawing.font = font(px);
  drawing.textBaseline = 'middle';
  const lines = linesOf(below, width - 2 * px, (text) => drawing.measureText(text).width);
  const lineHeight = Math.round(px * 1.5);
  const top = height - lines.length * lineHeight - Math.round(px * 0.5);
  drawing.fillStyle = 'rgba(8, 11, 18, 0.82)';
  drawing.fillRect(0, top, width, height - top);
  drawing.fillStyle = '#ffffff';
  for (const [row, line] of lines.entries())
    drawing.fillText(line, px, top + Math.round(px * 0.25) + (row + 0.5) * lineHeight, width - 2 * px);
  return new Uint8Array(drawing.getImageData(0, 0, width, height).data.buffer);
}

/** The parts joined to lines that fit. */
function linesOf(parts: string[], width: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const joined = lines.length > 0 ? `${lines.at(-1)} · ${part}` : part;
    if (lines.length > 0 && widthOf(joined) <= width) lines[lines.length - 1] = joined;
    else lines.push(part);
  }
  return lines;
}

Object.assign(globalThis, { drawWatermark });

export {};
