import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openApi } from '../../../scripts/openapi.ts';

it('docs/openapi.json is what the contract says (renew it with: node scripts/openapi.ts)', async () => {
  const file = path.resolve(import.meta.dirname, '../../../docs/openapi.json');
  expect(readFileSync(file, 'utf8')).toBe(await openApi());
});
