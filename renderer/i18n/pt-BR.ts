import type { en, Texts } from './en.ts';
import { common } from './pt-BR/common.ts';
import { failure } from './pt-BR/failure.ts';
import { filter } from './pt-BR/filter.ts';
import { history } from './pt-BR/history.ts';
import { justification } from './pt-BR/justification.ts';
import { player } from './pt-BR/player.ts';
import { requests } from './pt-BR/requests.ts';
import { review } from './pt-BR/review.ts';
import { sessions } from './pt-BR/sessions.ts';
import { settings } from './pt-BR/settings.ts';
import { signin } from './pt-BR/signin.ts';

export const ptBR: Texts<typeof en> = {
  common,
  failure,
  filter,
  signin,
  sessions,
  justification,
  requests,
  player,
  review,
  history,
  settings,
};
