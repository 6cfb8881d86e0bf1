export const common = {
  product: 'Oversight',
  nav: {
    label: 'Main',
    audit: 'Audit',
    access: 'Access',
    app: 'App',
    watching: 'Watching',
    sessions: 'Remote Sessions',
    history: 'History',
    myRequests: 'My requests',
    approvals: 'Approvals',
    settings: 'Settings',
    waiting_one: '{{count}} request waits for you',
    waiting_many: '{{count}} requests wait for you',
    waiting_other: '{{count}} requests wait for you',
    watch: 'Watching {{id}}',
    closeViewing: 'Stop watching {{id}}',
    skip: 'Skip to content',
    signOut: 'Sign out',
  },
  connection: {
    online: 'Connected',
    connecting: 'Connecting…',
    offline: 'Offline since {{since}}',
    away: 'The gateway cannot be reached.',
    banner: 'Since {{since}} you see what this computer’s archive holds. Deciding and watching need the gateway.',
    retryIn: 'Next try in {{time}}.',
    retrying: 'Trying now…',
    retry: 'Try now',
    gatewayTime: 'Gateway time {{time}} ({{zone}})',
    synchronised: 'Synchronised {{time}} ago',
    now: 'Synchronised just now',
    reading: 'Reading what is on record…',
  },
  kind: { recording: 'Session video', livestream: 'Live stream' },
  receipts: {
    contradicted:
      'The gateway’s record of a viewing of {{id}} is not the one of this computer. Tell your PAM administrator: the records should be verified.',
    keyChanged:
      'This gateway signs its records of viewings with another key than before. If nobody announced that, tell your PAM administrator: the records may have been replaced.',
    contradictedEarlier:
      'The gateway’s record of an earlier viewing is not the one of this computer. Tell your PAM administrator: the records should be verified.',
  },
  closing: {
    title: 'Go on in the background?',
    text: 'Oversight can stay in the tray, count what waits for you and tell you when something is decided. What you are watching in this window ends either way.',
    hint: 'You can change this in the settings at any time.',
    stay: 'Go on in the background',
    quit: 'Quit',
  },
  actions: {
    cancel: 'Cancel',
    close: 'Close',
    retry: 'Try again',
    back: 'Back',
    reload: 'Reload',
    more: 'Show more',
    dismiss: 'Dismiss',
  },
  waiting: 'Loading…',
  broken: { title: 'This screen stopped working', text: 'Nothing that was saved is lost. Reload to go on.' },
  storage: {
    'archive-rebuilt': 'The archive on this computer could not be read. It was put aside and is being fetched anew.',
    'archive-too-new':
      'The archive on this computer was written by a newer version of Oversight. It is left alone; nothing is kept until you update.',
    'archive-in-memory': 'The system keychain cannot be used, so nothing is kept on this computer after you quit.',
    'archive-unusable':
      'The archive on this computer cannot be opened now, perhaps because the disk is full. It is left alone; nothing is kept until you start Oversight again.',
    'archive-contradicted':
      'Something that is kept on this computer is not what the gateway signed. It is being read anew; tell your PAM administrator.',
    'drafts-lost':
      'Unsent drafts on this computer could not be read. Their file was put aside; write again what you had not sent yet.',
    'settings-reset': 'The settings could not be read. They were put aside and begin anew.',
  },
};
