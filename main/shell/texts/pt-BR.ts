import type { AccessRequest } from '../../../contract/request.ts';
import { type ShellTexts, slackMs } from './en.ts';

const about = ({ session, kind }: AccessRequest) =>
  kind === 'recording'
    ? `vídeo da sessão ${session.id} em ${session.device}`
    : `transmissão ao vivo de ${session.id} em ${session.device}`;
const theRecording = (request: AccessRequest) => `${request.kind === 'recording' ? 'o' : 'a'} ${about(request)}`;
const TheRecording = (request: AccessRequest) => `${request.kind === 'recording' ? 'O' : 'A'} ${about(request)}`;

function left(ms: number): string {
  const minutes = Math.max(1, Math.ceil((ms - slackMs) / 60_000));
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
}

const waiting = (count: number) => (count === 1 ? '1 solicitação aguarda você' : `${count} solicitações aguardam você`);

/** What the tray and the notices say in Portuguese (Brazil). */
export const ptBR: ShellTexts = {
  product: 'Oversight',
  tooltip: (count) => (count === 0 ? 'Oversight: nada aguarda você' : `Oversight: ${waiting(count)}`),
  waiting,
  nothingWaits: 'Nada aguarda você',
  signedOut: 'Ninguém está conectado',
  waitingItem: ({ requester, session }, leftMs) =>
    `${requester.displayName} · ${session.id} em ${session.device} · restam ${left(leftMs)}`,
  revocableItem: ({ requester, session }, leftMs) => `Revogar ${requester.displayName} · ${session.id} · restam ${left(leftMs)}…`,
  more: (count) => `Mais ${count}…`,
  approve: 'Aprovar…',
  reject: 'Rejeitar…',
  openRequest: 'Abrir',
  open: 'Abrir o Oversight',
  settings: 'Configurações…',
  quit: 'Sair',
  pause: 'Pausar notificações',
  pauseHour: 'Por uma hora',
  pauseTomorrow: 'Até amanhã, 08:00',
  resume: (untilMs) =>
    `Retomar notificações (pausadas até ${new Date(untilMs).toLocaleTimeString('pt-BR', { hour: '2-digit', minute: '2-digit' })})`,
  notice({ kind, request }, nowMs) {
    const { requester, state, window, deadline } = request;
    const untilEnd = left(Date.parse(window.end) - nowMs);
    const untilDeadline = left(Math.min(Date.parse(deadline), Date.parse(window.end)) - nowMs);
    switch (kind) {
      case 'waiting':
        return {
          title: `${requester.displayName} pede acesso`,
          body: `${TheRecording(request)}. Restam ${untilDeadline} para decidir.`,
        };
      case 'deadline':
        return { title: `Restam ${untilDeadline} para decidir`, body: `${requester.displayName} pede ${theRecording(request)}.` };
      case 'level':
        return state.status === 'pending' && request.may.decide.allowed
          ? {
              title: `${requester.displayName} pede acesso`,
              body: `O nível ${state.level - 1} aprovou ${theRecording(request)}. Restam ${untilDeadline} para decidir.`,
            }
          : {
              title: 'Um nível aprovou',
              body: `Sua solicitação para ${theRecording(request)} segue para o nível ${state.status === 'pending' ? state.level : ''}.`,
            };
      case 'decided':
        if (state.status === 'rejected')
          return {
            title: `${state.by.displayName} rejeitou sua solicitação`,
            body: `${TheRecording(request)}. Abra para ler o motivo.`,
          };
        return Date.parse(window.start) > nowMs
          ? {
              title: 'Sua solicitação foi aprovada',
              body: `${TheRecording(request)} abre em ${left(Date.parse(window.start) - nowMs)}.`,
            }
          : { title: 'Sua solicitação foi aprovada', body: `Já é possível assistir: ${about(request)}. Restam ${untilEnd}.` };
      case 'opens':
        return { title: 'Seu acesso está aberto', body: `Já é possível assistir: ${about(request)}. Restam ${untilEnd}.` };
      case 'ends':
        return { title: `Seu acesso termina em ${untilEnd}`, body: `${TheRecording(request)}.` };
      case 'revoked':
        return {
          title: 'Seu acesso foi revogado',
          body: `${state.status === 'revoked' ? `${state.by.displayName} encerrou ${theRecording(request)}` : TheRecording(request)}. Abra para ler o motivo.`,
        };
      case 'expired':
        return {
          title: 'Ninguém decidiu a tempo',
          body: `Sua solicitação para ${theRecording(request)} expirou. Você pode pedir de novo.`,
        };
      default:
        return kind satisfies never;
    }
  },
  plainNotice: { title: 'Oversight', body: 'Há algo novo para você.' },
  plainWaiting: { title: 'Oversight', body: 'Uma solicitação aguarda você.' },
  manyWaiting: (count, leftMs) => ({
    title: waiting(count),
    body: `${left(leftMs)} até o prazo da primeira das novas. Abra as aprovações para decidir.`,
  }),
  manyOthers: (count) => ({ title: `${count} das suas solicitações mudaram`, body: 'Abra Minhas solicitações para vê-las.' }),
  inBackground: {
    title: 'O Oversight continua em segundo plano',
    body: 'Esta área de trabalho não mostra um ícone na bandeja. Inicie o Oversight de novo para abrir a janela.',
  },
};
