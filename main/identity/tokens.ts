import { FailureError, fail } from '../../contract/failure.ts';
import type { Tokens } from '../../contract/gateway.ts';
import type { Credentials, Gateway } from '../gateway/client.ts';

/** Renew a little before the end, so that no call finds out. */
const marginMs = 20_000;

/**
 * The tokens of one sign-in: the access token in memory only, one renewal at a time. `keep` stores each new refresh token; `wipe` hears
 * that the gateway wants everything of this sign-in removed.
 */
export class TokenKeeper implements Credentials {
  #access: { token: string; goodUntilMs: number } | null = null;
  #refresh: string | null = null;
  #renewing: Promise<void> | null = null;
  #keeping: Promise<void> = Promise.resolve();
  #released = false;
  readonly #keep: (refreshToken: string) => Promise<void>;
  readonly #gateway: () => Gateway;
  readonly #wipe: () => void;

  constructor(keep: (refreshToken: string) => Promise<void>, gateway: () => Gateway, wipe: () => void) {
    this.#keep = keep;
    this.#gateway = gateway;
    this.#wipe = wipe;
  }

  /** From here on nothing is stored any more; what is being stored is waited for. The token stays good for the last calls. */
  async release(): Promise<void> {
    this.#released = true;
    await this.#keeping;
  }

  adopt(refreshToken: string): void {
    this.#refresh = refreshToken;
  }

  /** Takes new tokens; the refresh token is stored before anything is done with them, so that a crash never leaves a spent one. */
  async take(tokens: Pick<Tokens, 'accessToken' | 'expiresInMs' | 'refreshToken'>): Promise<void> {
    this.#refresh = tokens.refreshToken;
    if (!this.#released) {
      const kept = this.#keep(tokens.refreshToken);
      this.#keeping = kept.catch(() => undefined);
      await kept;
    }
    this.#access = { token: tokens.accessToken, goodUntilMs: performance.now() + tokens.expiresInMs - marginMs };
  }

  async accessToken(): Promise<string | null> {
    if (this.#refresh === null) return this.#access?.token ?? null;
    if (this.#access === null || performance.now() > this.#access.goodUntilMs) await this.renew(this.#access?.token ?? null);
    return this.#access?.token ?? null;
  }

  async renew(spent: string | null): Promise<void> {
    if (this.#access && this.#access.token !== spent) return;
    this.#renewing ??= this.#renewOnce().finally(() => {
      this.#renewing = null;
    });
    await this.#renewing;
  }

  async #renewOnce(): Promise<void> {
    if (this.#refresh === null) return fail('SIGNED_OUT');
    // A lost answer may be asked for once more: the gateway knows a token that was used a moment ago (see its sign-in.ts).
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.take(await this.#gateway().calls.identity.refresh({ refreshToken: this.#refresh }));
      } catch (error) {
        const failure = error instanceof FailureError ? error.failure : null;
        if (failure?.code === 'WIPE_ORDERED') this.#wipe();
        const lost = failure?.code === 'UNREACHABLE' && failure.data.why === 'cut';
        if (!lost || attempt >= 2) throw error;
      }
    }
  }

  async end(): Promise<void> {
    if (this.#refresh === null) return;
    const refreshToken = this.#refresh;
    this.#refresh = null;
    this.#access = null;
    await this.#gateway().calls.identity.signOut({ refreshToken });
  }
}
