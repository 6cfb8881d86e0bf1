/** Why an import cannot be done, as a sentence for the person who asked for it. */
export class ImportError extends Error {}

export function stopImport(message: string): never {
  throw new ImportError(message);
}
