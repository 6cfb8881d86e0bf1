import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { narrowJson } from '../../../main/archive/narrow.ts';

const page = (name: string) =>
  JSON.stringify({ rows: Array.from({ length: 100 }, (_, number) => ({ number, name: `row ${number}` })), name });

describe('JSON on its way to another process', () => {
  it('says the same, whatever is in it', () => {
    for (const name of ['plain', 'Gonçalves', '防火墙', 'Łódź', '😀 "quoted\\n"', '\u2028', 'ÿĀ', '\ud800'])
      expect(JSON.parse(narrowJson(page(name))), name).toEqual(JSON.parse(page(name)));
  });

  it('takes a byte a character where few are beyond Latin-1, and stays as it is where many are', () => {
    expect(serialize(page('防火墙')).length).toBeGreaterThan(2 * page('防火墙').length);
    expect(serialize(narrowJson(page('防火墙'))).length).toBeLessThan(1.1 * page('防火墙').length);
    const chinese = JSON.stringify('防火墙'.repeat(100));
    expect(narrowJson(chinese)).toBe(chinese);
    expect(narrowJson(page('Gonçalves'))).toBe(page('Gonçalves'));
  });
});
