import Sqlite from 'better-sqlite3';
import { createArchiveHandlers } from '../../../main/archive/handlers.ts';
import { judgeRatio, measureArms } from '../compare.ts';
import { median } from '../statistics.ts';
import { key, seeded } from './seed.ts';
import { endMs, rare } from './words.ts';

/** Against an index, and against reading everything. The rounds of what takes seconds are few. */
const [quickRounds, slowRounds] = [40, 5];

/** Each fills a page. */
const quick = [
  ['a word', 'falha', ['fal', 'alh', 'lha']],
  ['a name', 'Gonçalves', ['gon', 'onc', 'nca', 'cal', 'alv', 'lve', 'ves']],
  ['accents', 'reinicialização', ['rei', 'ini', 'cia', 'liz', 'aca', 'cao']],
  ['three characters of Chinese', '防火墙', ['防火墙']],
  ['a device', 'srv-prod-17', ['srv', 'v-p', 'pro', 'od-', '-17']],
] as const;
const slow = [
  ['three and more characters, in the oldest', rare.three, 0.15],
  ['accents, in the oldest', rare.accents, 0.15],
  ['Chinese, in the oldest', rare.chinese, 0.15],
  ['two characters, in the oldest', rare.two, 0.2],
  ['two characters, a miss', 'zq', 0.2],
  ['one character, in the oldest', rare.one, 0.2],
  ['one character, a miss', '¶', 0.2],
  ['two characters of Chinese, a miss', '罕的', 0.2],
] as const;

/** The first page of a search for text among a million requests, as the archive's process answers it, against bare statements. */
export async function measureText(): Promise<void> {
  const { folder, name } = seeded();
  const handlers = createArchiveHandlers();
  handlers.open({ folder, name, key });
  const db = new Sqlite(`${folder}/${name}.archive`, { readonly: true });
  for (const pragma of ["cipher='sqlcipher'", `key="x'${key}'"`, 'cache_size = -65536']) db.pragma(pragma);
  const page = (found: string) =>
    db
      .prepare<[string], string>(
        `select requests_shown.json from (${found}) as found cross join requests_shown on requests_shown.row = found.row order by found.row desc limit 100`,
      )
      .pluck();
  const byIndex = page('select rowid as row from requests_text where requests_text match ? order by rowid desc');
  const byLike = page('select id as row from requests_text_content where c0 like ? order by id desc');
  // A list that is kept is no search: each time it is another query for the same text.
  let asked = 0;
  const ours = (text: string) => async () => {
    asked += 1;
    const query = { filter: { text: text + ' '.repeat(asked) }, sort: { by: 'createdAt', direction: 'desc' } } as const;
    const began = performance.now();
    await handlers['history.page']({ query, from: 0, limit: 100, nowMs: endMs });
    return performance.now() - began;
  };
  const timed = (statement: typeof byIndex, value: string) => async () => {
    const began = performance.now();
    statement.all(value);
    return performance.now() - began;
  };

  for (const [what, text, parts] of quick) {
    const limit = timed(byIndex, parts.map((part) => `"${part}"`).join(' AND '));
    const values = await measureArms({ ours: ours(text), limit, again: limit }, quickRounds);
    const aa = median(values.again) / median(values.limit);
    judgeRatio(
      { name: `history: free text, ${what}, against the bare index`, unit: 'ms', goal: 1.5, statistic: 'median' },
      values.ours,
      values.limit,
      aa,
    );
  }
  for (const [what, text, goal] of slow) {
    const limit = timed(byLike, `%${text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()}%`);
    const values = await measureArms({ ours: ours(text), limit, again: limit }, slowRounds);
    const aa = median(values.again) / median(values.limit);
    judgeRatio({ name: `history: ${what}, against LIKE`, unit: 'ms', goal, statistic: 'median' }, values.ours, values.limit, aa);
  }
  db.close();
  handlers.close({});
}
