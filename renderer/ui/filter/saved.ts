/** A filter that a person gave a name. */
export type Saved<F> = { name: string; filter: F };

/** The saved filters with one more, in the order of their names; one of the same name is replaced. */
export function savedWith<F>(saved: readonly Saved<F>[], one: Saved<F>): Saved<F>[] {
  return [...saved.filter((other) => other.name !== one.name), one].sort((a, b) => a.name.localeCompare(b.name));
}
