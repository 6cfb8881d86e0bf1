import type { Confirmation, HistoryFigures, HistoryFilter, HistoryLine, HistoryQuery, Seal } from '../../../contract/history.ts';
import { type Instant, toMs } from '../../../contract/time.ts';
import type { Sink } from '../file-sink.ts';
import type { ReportFacts } from '../job.ts';
import { createPaper, type Style } from './paper.ts';
import { en, type ReportTexts } from './texts/en.ts';
import { ptBR } from './texts/pt-BR.ts';
import { timelineOf } from './timeline.ts';
import { durationText, timeText, zoneText } from './times.ts';

/** What a report says before its rows. */
export type ReportHead = {
  facts: ReportFacts;
  query: HistoryQuery;
  rows: number;
  dataSha256: string;
  figures: HistoryFigures;
  /** How many of the rows are what the gateway signed, wait for its word, or are another. */
  confirmations: Record<Confirmation, number>;
  seal: Seal | null;
};

/** A report that is being written: a line of the table for every request first, then the section of each. */
export interface Report {
  tableRow(line: HistoryLine): void;
  /** The table is done; the sections begin. */
  beginDetails(): void;
  details(line: HistoryLine, confirmation: Confirmation): void;
  end(): void;
}

const [muted, accent, pale] = ['#5c6670', '#0b7561', '#eef2f1'];
const heading: Style = { size: 15, bold: true };
const label: Style = { size: 8, color: muted };
const text: Style = { size: 9 };
const strong: Style = { size: 9, bold: true };
const small: Style = { size: 7.5 };
const labelWidth = 112;

/** Begins a report: its cover, the filters in words and the figures. */
export function beginReport(sink: Sink, fonts: string, head: ReportHead): Report {
  const { facts, query, rows, figures } = head;
  const texts: ReportTexts = facts.language === 'pt-BR' ? ptBR : en;
  const zone = zoneText(facts.gatewayZoneMinutes);
  const when = (at: Instant) => timeText(at, facts.gatewayZoneMinutes);
  const madeAt = `${when(facts.at)} ${zone}`;
  const paper = createPaper(sink, {
    fonts,
    language: texts.language,
    title: `${texts.title} · ${facts.gateway}`,
    author: facts.person.displayName,
    at: new Date(toMs(facts.at)),
    footer: (page) => ({
      left: paper.fit(texts.footer(facts.gateway, madeAt), paper.width - 110, { size: 7.5 }),
      right: texts.page(page),
    }),
  });
  const { left, width } = paper;

  function paragraph(said: string, style: Style, indent = 0): void {
    for (const line of paper.wrap(said, width - indent, style)) {
      paper.need(style.size * 1.45);
      paper.line(line, left + indent, paper.y, style);
      paper.y += style.size * 1.45;
    }
  }

  /** A label with what belongs to it, in as many lines as that takes. */
  function entry(name: string, values: readonly string[], style: Style = text): void {
    const names = paper.wrap(name, labelWidth - 10, label);
    const lines = values.flatMap((value) => paper.wrap(value, width - labelWidth, style));
    for (let at = 0; at < Math.max(names.length, lines.length); at += 1) {
      paper.need(style.size * 1.45);
      paper.line(names[at] ?? '', left, paper.y + style.size - label.size, label);
      paper.line(lines[at] ?? '', left + labelWidth, paper.y, style);
      paper.y += style.size * 1.45;
    }
    paper.y += 2;
  }

  function section(title: string, room = 60): void {
    paper.y += 14;
    paper.need(room);
    paper.mark(title);
    paper.line(title, left, paper.y, heading);
    paper.y += heading.size * 1.7;
  }

  function cover(): void {
    const { cover: said } = texts;
    const { person, at, gatewayZoneMinutes } = facts;
    const localMinutes = -new Date(toMs(at)).getTimezoneOffset();
    paper.newPage();
    paper.mark(texts.title);
    paper.box(left, paper.y, 36, 4, accent);
    paper.y += 18;
    for (const line of paper.wrap(texts.title, width, { size: 24, bold: true })) {
      paper.line(line, left, paper.y, { size: 24, bold: true });
      paper.y += 32;
    }
    paper.line(said.requests(rows), left, paper.y, { size: 12, color: muted });
    paper.y += 34;
    entry(said.gateway, [facts.gateway]);
    entry(said.madeBy, [`${person.displayName} (${person.userName}) · ${person.roles.join(', ')}`]);
    entry(said.madeAt, [
      said.gatewayTime(timeText(at, gatewayZoneMinutes), zone),
      said.localTime(timeText(at, localMinutes), zoneText(localMinutes)),
      ...(gatewayZoneMinutes === 0 || localMinutes === 0 ? [] : [said.utcTime(timeText(at, 0))]),
    ]);
    entry(said.version, [`Oversight ${facts.version}`]);
    entry(said.scope, [said.scopeText(person.displayName)]);
    entry(said.hash, [head.dataSha256, said.hashText]);
    if (head.seal === null) entry(said.checkpoint, [said.noCheckpoint]);
    else {
      entry(said.checkpoint, [said.checkpointText]);
      entry(said.sealedAt, [`${when(head.seal.at)} ${zone}`]);
      entry(said.cursor, [head.seal.after], small);
      entry(said.signature, [head.seal.signature], small);
      entry(said.rows, [said.confirmations(head.confirmations)]);
      if (head.seal.notKept.length > 0)
        entry(said.leftOut, [said.leftOutText(head.seal.notKept.map((field) => said.fields[field]).join(', '))]);
    }
  }

  function filters(): void {
    section(texts.filters.heading);
    const found = filterEntries(query.filter, texts, (at) => `${when(at)} ${zone}`);
    if (found.length === 0) paragraph(texts.filters.none, text);
    for (const [name, value] of found) entry(name, [value]);
    entry(texts.filters.order, [texts.filters.sortedBy(query.sort.by, query.sort.direction)]);
  }

  function figuresSection(): void {
    const said = texts.figures;
    section(said.heading);
    const median = figures.medianDecideMs === null ? '–' : durationText(figures.medianDecideMs);
    const values: [string, string][] = [
      ...(['asked', 'approved', 'rejected', 'expired', 'canceled', 'revoked', 'watched'] as const).map(
        (name): [string, string] => [said[name], texts.count(figures[name])],
      ),
      [said.medianDecide, median],
      [said.watchedTime, durationText(figures.watchedMs)],
    ];
    const across = 3;
    const each = width / across;
    for (let at = 0; at < values.length; at += across) {
      paper.need(40);
      for (const [column, [name, value]] of values.slice(at, at + across).entries()) {
        paper.line(value, left + column * each, paper.y, { size: 14, bold: true });
        paper.line(paper.fit(name, each - 8, label), left + column * each, paper.y + 19, label);
      }
      paper.y += 38;
    }
  }

  const columns = [
    { name: texts.table.number, width: 34 },
    { name: texts.table.askedAt, width: 80 },
    { name: texts.table.who, width: 76 },
    { name: texts.table.session, width: 116 },
    { name: texts.table.status, width: 50 },
    { name: texts.table.decidedBy, width: 98 },
    { name: texts.table.watched, width: 45 },
  ];

  function cells(values: readonly string[], style: Style): void {
    let x = left;
    for (const [at, column] of columns.entries()) {
      paper.line(paper.fit(values[at] ?? '', column.width - 6, style), x, paper.y, style);
      x += column.width;
    }
  }

  function tableHead(): void {
    paper.box(left, paper.y - 3, width, 16, pale);
    cells(
      columns.map(({ name }) => name),
      { ...small, bold: true },
    );
    paper.y += 17;
  }

  let numberOfRow = 0;
  let numberOfSection = 0;
  cover();
  filters();
  figuresSection();
  section(texts.table.heading, 80);
  tableHead();

  return {
    tableRow(line) {
      if (paper.need(12)) tableHead();
      numberOfRow += 1;
      const { session, decisions, state } = line;
      const watchedMs = line.viewings.reduce((sum, one) => sum + one.watchedMs, 0);
      const approvers = decisions.map(({ by }) => by.displayName).join(', ');
      cells(
        [
          texts.count(numberOfRow),
          when(line.createdAt),
          line.requester.displayName,
          `${session.id} · ${session.device}`,
          texts.status[state.status],
          approvers,
          watchedMs === 0 ? '' : durationText(watchedMs),
        ],
        small,
      );
      paper.y += 12;
    },
    beginDetails() {
      paper.newPage();
      section(texts.details.heading);
    },
    details(line, confirmation) {
      const said = texts.details;
      const { session, asked, window } = line;
      numberOfSection += 1;
      paper.need(90);
      paper.y += 6;
      paper.rule(paper.y - 4, '#d5dae0');
      paper.line(said.request(numberOfSection), left, paper.y, { size: 11, bold: true });
      const status = texts.status[line.state.status];
      paper.line(`${status} · ${line.requester.displayName} · ${texts.kind[line.kind]}`, left + labelWidth, paper.y + 2, strong);
      paper.y += 19;
      entry(said.id, [line.id]);
      if (confirmation !== 'confirmed')
        entry(said.confirmation, [said[confirmation]], confirmation === 'contradicted' ? strong : text);
      entry(said.session, [said.sessionText(session.id, session.user, session.credential, session.device, session.protocol)]);
      entry(said.askedWindow, [`${when(asked.start)} – ${when(asked.end)}`]);
      if (asked.start !== window.start || asked.end !== window.end)
        entry(said.window, [`${when(window.start)} – ${when(window.end)}`]);
      entry(said.deadline, [when(line.deadline)]);
      entry(said.reason, [line.reason.label]);
      if (line.governanceCode !== null) entry(said.governanceCode, [line.governanceCode]);
      entry(said.justification, [line.justification]);
      entry(said.levels, [line.levels.map(({ level, group, needed }) => said.level(level, group.name, needed)).join(' · ')]);
      for (const [at, step] of timelineOf(line, texts, durationText).entries()) {
        paper.need(text.size * 1.45);
        if (at === 0) paper.line(said.timeline, left, paper.y + 1, label);
        paper.line(when(step.at), left + labelWidth, paper.y + 1.5, small);
        const indent = labelWidth + 80;
        paragraph(step.what, text, indent);
        for (const more of step.more) paragraph(more, { ...small, color: muted }, indent);
      }
      paper.y += 8;
    },
    end() {
      paper.y += 6;
      paragraph(texts.end(rows), strong);
      entry(texts.cover.hash, [head.dataSha256]);
      paper.end();
    },
  };
}

/** A filter in words, a line for each of its parts. */
function filterEntries(filter: HistoryFilter, { filters, kind }: ReportTexts, when: (at: Instant) => string): [string, string][] {
  const entries: [string, string][] = [];
  const texts = ['text', 'requester', 'approver', 'session', 'user', 'device', 'reason', 'governanceCode'] as const;
  for (const name of texts) if (filter[name]) entries.push([filters[name], filters.contains(filter[name])]);
  if (filter.phases?.length) entries.push([filters.phases, filter.phases.map((phase) => filters.phase[phase]).join(', ')]);
  if (filter.kind) entries.push([filters.kind, kind[filter.kind]]);
  if (filter.askedFrom) entries.push([filters.askedFrom, when(filter.askedFrom)]);
  if (filter.askedUntil) entries.push([filters.askedUntil, when(filter.askedUntil)]);
  if (filter.watched !== undefined) entries.push([filters.watched, filter.watched ? filters.yes : filters.no]);
  return entries;
}
