import { describe, expect, it } from 'vitest';
import { type Failure, failureCodes } from '../../../contract/failure.ts';
import { en } from '../../../renderer/i18n/en.ts';
import { ptBR } from '../../../renderer/i18n/pt-BR.ts';

type Tree = { [key: string]: string | Tree };

/** Every text with its key, `sessions.title` and the like. */
function texts(tree: Tree, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [[`${prefix}${key}`, value] as const] : [...texts(value, `${prefix}${key}.`)],
    ),
  );
}

/** The keys without the forms of number: each language has its own. */
const keys = (own: Map<string, string>) =>
  [...new Set([...own.keys()].map((key) => key.replace(/_(one|many|other)$/, '')))].sort();

/** Whoever closed a viewing has nothing left to do. */
const unsaid = new Set(['player.end.closed.todo']);

const languages = { en: texts(en as Tree), 'pt-BR': texts(ptBR as Tree) };
const blanks = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
const names = Object.keys(languages) as (keyof typeof languages)[];

describe.each(names)('the texts in %s', (language) => {
  const own = languages[language];

  it('say for every failure what happened and what to do', () => {
    const said = failureCodes.flatMap((code: Failure['code']) => [
      own.get(`failure.${code}.what`),
      own.get(`failure.${code}.todo`),
    ]);
    expect(said.filter((text) => !text?.trim())).toEqual([]);
  });

  it('are there for every key, and none is empty', () => {
    expect(keys(own)).toEqual(keys(languages.en));
    expect([...own].filter(([key, text]) => text.trim() === '' && !unsaid.has(key))).toEqual([]);
  });

  it('leave the same blanks as in English', () => {
    const differing = [...own].filter(([key, text]) => String(blanks(text)) !== String(blanks(languages.en.get(key) ?? '')));
    expect(differing).toEqual([]);
  });
});

it('are translated, but for what is the same in both languages', () => {
  const same = [...languages.en].filter(
    ([key, text]) => text === languages['pt-BR'].get(key) && /[a-z]{3} [a-z]{2}/i.test(text.replaceAll(/\{\{\w+\}\}/g, '')),
  );
  expect(same).toEqual([]);
});
