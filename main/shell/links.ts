import { type Intent, parseIntent } from '../../contract/intent.ts';

/** The link among the arguments of a start: exactly one argument that is one. Everything else on a command line is not looked at. */
export function linkOf(argv: readonly string[]): string | null {
  const links = argv.filter((argument) => /^oversight:/i.test(argument));
  return links.length === 1 ? (links[0] ?? null) : null;
}

export interface Links {
  /** Follows a link, or only brings the window to the front when it is none of ours. It shows something and never acts. */
  open(link: string | null): void;
  follow(intent: Intent): void;
  /** The window's page is there and somebody is signed in: what was asked for before is followed now. */
  next(): Promise<Intent | null>;
}

/** Where links, notices and the tray lead. While nobody is signed in, the newest wish waits for that. */
export function createLinks(roles: {
  signedIn(): boolean;
  showWindow(): void;
  publish(intent: Intent): void;
  /** Shows one request where it belongs; answers with where that is in the main window, or null when it has a window of its own. */
  showRequest(id: string): Promise<Intent | null>;
  report(error: unknown, where: string): void;
}): Links {
  let waiting: Intent | null = null;
  let pageReady = false;

  async function resolved(intent: Intent): Promise<Intent | null> {
    return intent.go === 'request' ? roles.showRequest(intent.id) : intent;
  }

  const links: Links = {
    open(link) {
      const intent = link === null ? null : parseIntent(link);
      if (intent) links.follow(intent);
      else roles.showWindow();
    },
    follow(intent) {
      if (!roles.signedIn() || !pageReady) {
        waiting = intent;
        roles.showWindow();
        return;
      }
      void resolved(intent)
        .then((place) => {
          if (place === null) return;
          roles.showWindow();
          roles.publish(place);
        })
        .catch((error) => roles.report(error, 'links.follow'));
    },
    async next() {
      pageReady = true;
      const intent = waiting;
      if (intent === null || !roles.signedIn()) return null;
      waiting = null;
      return resolved(intent);
    },
  };
  return links;
}
