import { common } from './en/common.ts';
import { failure } from './en/failure.ts';
import { filter } from './en/filter.ts';
import { history } from './en/history.ts';
import { justification } from './en/justification.ts';
import { player } from './en/player.ts';
import { requests } from './en/requests.ts';
import { review } from './en/review.ts';
import { sessions } from './en/sessions.ts';
import { settings } from './en/settings.ts';
import { signin } from './en/signin.ts';

/** Every text of the app. Its shape is what every other language must satisfy. */
export const en = { common, failure, filter, signin, sessions, justification, requests, player, review, history, settings };

/** The same keys, any text. */
export type Texts<T> = { [K in keyof T]: T[K] extends string ? string : Texts<T[K]> };
