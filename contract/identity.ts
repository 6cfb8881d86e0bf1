import { z } from 'zod';

/** The roles that the workflow tells apart (product.md, rules 2 and 3). `PAM Operator` is the right to watch at once. */
export const Role = z.enum(['PAM Administrator', 'PAM Auditor', 'System Administrator', 'PAM Operator', 'PAM User']);
export type Role = z.infer<typeof Role>;

/** The roles of which a person needs one to watch anything (product.md, rule 2). */
export const watchingRoles: readonly Role[] = ['PAM Administrator', 'PAM Auditor', 'System Administrator'];

export const Permission = z.enum(['PAM.SessionManagement.Recording', 'PAM.SessionManagement.Livestream']);
export type Permission = z.infer<typeof Permission>;

/** Somebody as others see them. `id` is the person, not the account: two accounts of one person have one id. */
export const Person = z.object({ id: z.string(), userName: z.string(), displayName: z.string() });
export type Person = z.infer<typeof Person>;

/** Who is signed in. Never a token. */
export const User = z.object({
  ...Person.shape,
  accountId: z.string(),
  roles: z.array(Role),
  permissions: z.array(Permission),
  /** The approver groups the person is in; empty for who never decides. */
  approverGroups: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type User = z.infer<typeof User>;

/** What the system keychain can do for us now. Only `ok` remembers anything; one that was `restarted` is found again by the next start. */
export const KeychainState = z.enum(['ok', 'locked', 'absent', 'full', 'failing', 'restarted']);
export type KeychainState = z.infer<typeof KeychainState>;

/** An account that was used here before. The renderer names it by `id`; `gateway` is the label a person typed. */
export const RememberedAccount = z.object({ id: z.string(), gateway: z.string(), userName: z.string(), displayName: z.string() });
export type RememberedAccount = z.infer<typeof RememberedAccount>;

/** The sign-in as the renderer knows it. */
export const Account = z.discriminatedUnion('state', [
  z.object({ state: z.literal('starting') }),
  z.object({
    state: z.literal('signed-out'),
    keychain: KeychainState,
    remembered: z.array(RememberedAccount),
    /** What the gateway box holds at first: from `--gateway=URL` or the last sign-in. */
    suggestedGateway: z.string(),
    /** Why the person is here, if not by their own wish. */
    why: z.enum(['never-signed-in', 'signed-out', 'sign-in-ended', 'keychain-locked', 'wiped']),
    /** How much was shown (ms) of which the record could not be sent before a sign-out: it is kept until the account signs in again. */
    unsentMs: z.number().int().nonnegative(),
  }),
  z.object({ state: z.literal('signed-in'), user: User, gatewayName: z.string(), keychain: KeychainState }),
]);
export type Account = z.infer<typeof Account>;
