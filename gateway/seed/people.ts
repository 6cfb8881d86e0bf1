import type { Permission, Role } from '../../contract/identity.ts';

/** The password of every demo account. */
export const demoPassword = 'demo-oversight';

/** The one-time code secret of the demo account that needs one (base32). */
export const demoOneTimeSecret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';

const recording: Permission = 'PAM.SessionManagement.Recording';
const livestream: Permission = 'PAM.SessionManagement.Livestream';
const both = [recording, livestream];

export const infrastructure = 'Infrastructure approvers';
export const databases = 'Database owners';
export const security = 'Security';
export const finance = 'Finance approvers';

type DemoAccount = {
  userName: string;
  displayName: string;
  roles: Role[];
  permissions: Permission[];
  groups: string[];
  /** What the account shows, for the list that the demo prints. */
  about: string;
  /** The user name whose person this second account belongs to. */
  personOf?: string;
  oneTimeCode?: true;
};

/** Every combination of role and permission that rule 2 tells apart, and the approvers of every shape. */
export const demoAccounts: DemoAccount[] = [
  {
    userName: 'marta.reis',
    displayName: 'Marta Reis',
    roles: ['PAM Auditor'],
    permissions: both,
    groups: [],
    about: 'auditor: asks, then watches recordings and live streams',
  },
  {
    userName: 'marta.admin',
    displayName: 'Marta Reis',
    roles: ['PAM Administrator'],
    permissions: both,
    groups: [infrastructure],
    personOf: 'marta.reis',
    about: 'Marta’s second account: cannot approve what she asks for',
  },
  {
    userName: 'paulo.nunes',
    displayName: 'Paulo Nunes',
    roles: ['PAM Administrator'],
    permissions: both,
    groups: [infrastructure, security],
    about: 'approver: decides and revokes',
  },
  {
    userName: 'ana.prado',
    displayName: 'Ana Prado',
    roles: ['PAM User'],
    permissions: [],
    groups: [infrastructure, databases],
    about: 'approver without a watching role',
  },
  {
    userName: 'diego.alves',
    displayName: 'Diego Alves',
    roles: ['PAM Auditor'],
    permissions: [recording],
    groups: [],
    about: 'auditor: recordings only',
  },
  {
    userName: 'yuki.tanaka',
    displayName: 'Yuki Tanaka',
    roles: ['System Administrator'],
    permissions: [livestream],
    groups: [],
    about: 'system administrator: live streams only',
  },
  {
    userName: 'bruno.lima',
    displayName: 'Bruno Lima',
    roles: ['PAM Auditor'],
    permissions: [],
    groups: [],
    about: 'auditor without a permission: watches nothing',
  },
  {
    userName: 'rui.castro',
    displayName: 'Rui Castro',
    roles: ['PAM User'],
    permissions: both,
    groups: [],
    about: 'permissions without a watching role: watches nothing',
  },
  {
    userName: 'clara.nogueira',
    displayName: 'Clara Nogueira',
    roles: ['PAM Auditor', 'PAM Operator'],
    permissions: both,
    groups: [],
    about: 'operator: watches at once',
  },
  {
    userName: 'helena.melo',
    displayName: 'Helena Melo',
    roles: ['PAM Auditor'],
    permissions: both,
    groups: [finance],
    about: 'the only finance approver: nobody can decide what she asks there',
  },
  {
    userName: 'jsouza',
    displayName: 'João Souza',
    roles: ['PAM User'],
    permissions: [],
    groups: [infrastructure],
    about: 'approver whose own sessions are recorded: may not decide about those',
  },
  {
    userName: 'otto.klein',
    displayName: 'Otto Klein',
    roles: ['PAM Auditor'],
    permissions: both,
    groups: [],
    oneTimeCode: true,
    about: 'auditor who signs in with a one-time code',
  },
];
