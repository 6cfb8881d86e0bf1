import type { Database } from './database.ts';

/** Which rows of requests have changed since a moment, while the archive is open. A change that was undone is in it too. */
export interface Journal {
  /** The moment that is now. */
  now(): number;
  /** The rows that have changed since then; null when they are too many to be known. */
  since(moment: number): readonly number[] | null;
  /** Notes a change that no column tells of. */
  note(row: number): void;
}

const longest = 20_000;

/** Begins to note every change of requests, whoever makes it. */
export function keepJournal(db: Database): Journal {
  let rows: number[] = [];
  let dropped = 0;
  function note(row: number): void {
    if (rows.length >= longest) {
      dropped += rows.length;
      rows = [];
    }
    rows.push(row);
  }
  db.function('note_change', (row) => {
    note(Number(row));
    return null;
  });
  db.exec(`create temp trigger note_insert after insert on main.requests begin select note_change(new.row); end;
    create temp trigger note_update after update on main.requests begin select note_change(new.row); end;
    create temp trigger note_delete after delete on main.requests begin select note_change(old.row); end;`);
  return {
    now: () => dropped + rows.length,
    since: (moment) => (moment < dropped ? null : rows.slice(moment - dropped)),
    note,
  };
}
