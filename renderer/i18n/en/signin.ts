export const signin = {
  title: 'Sign in',
  lead: 'Watch privileged sessions under dual control.',
  gateway: 'Gateway',
  gatewayHint: 'https://pam.example.com',
  userName: 'User name',
  password: 'Password',
  oneTimeCode: 'One-time code',
  oneTimeCodeHint: 'The six digits of your authenticator app.',
  stay: 'Stay signed in on this computer',
  submit: 'Sign in',
  remembered: 'Accounts on this computer',
  forget: 'Forget {{name}}',
  ended: 'Your sign-in has ended. Please sign in again.',
  unsent:
    'The record of {{length}} of what you watched could not be sent. It is kept on this computer, encrypted, and goes to the gateway when you sign in here again. Everything else was removed.',
  wiped:
    'Your gateway has had everything of your account removed from this computer. Ask your PAM administrator before you sign in again.',
  keychain: {
    locked: 'The system keychain is locked. Unlock it to stay signed in.',
    absent: 'There is no system keychain here: you will have to sign in each time, and nothing is kept after you quit.',
    full: 'The system keychain is full: you will have to sign in each time.',
    failing: 'The system keychain does not work: you will have to sign in each time.',
    restarted:
      'The system keychain was restarted while Oversight was running. Quit Oversight and start it again to stay signed in; until then, nothing is kept after you quit.',
  },
  keychainWaits:
    'The system keychain is locked, so the account that stayed signed in cannot be opened. Unlock it, then try again.',
};
