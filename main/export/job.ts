import type { Failure } from '../../contract/failure.ts';
import type { ExportFormat, HistoryQuery } from '../../contract/history.ts';
import type { Person } from '../../contract/identity.ts';
import type { Instant } from '../../contract/time.ts';
import type { ArchiveSource } from '../archive/database.ts';

/** What a report says of itself. */
export type ReportFacts = {
  language: 'en' | 'pt-BR';
  /** The gateway's time at which it was asked for, and how far ahead of UTC its zone is. */
  at: Instant;
  gatewayZoneMinutes: number;
  gateway: string;
  /** Who asked for it: what it holds is what they may see. */
  person: Person & { roles: readonly string[] };
  /** Of the app. */
  version: string;
};

/** What the exporting process is to do. `file` must not be there yet. */
export type ExportJob = {
  source: ArchiveSource;
  file: string;
  format: ExportFormat;
  query: HistoryQuery;
  byteOrderMark: boolean;
  facts: ReportFacts;
  /** The folder of fonts, laid out as Fontsource's packages are. */
  fonts: string;
};

/** What was written: see ExportRecord. */
export type Exported = { rows: number; sha256: string; dataSha256: string | null };

/** What the exporting process says: how far it is, and at last what became of it. Both ends are ours, so nothing is parsed. */
export type ExportMessage =
  | { progress: { rows: number; total: number } }
  | { exported: Exported }
  | { failure: Failure; stack: string };
