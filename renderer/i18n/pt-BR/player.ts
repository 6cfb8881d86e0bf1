import type { player as english } from '../en/player.ts';

/** O reprodutor e o seu lugar na janela. */
export const player: typeof english = {
  region: 'Reprodutor',
  back: 'Sessões remotas',
  backLabel: 'Voltar para Sessões remotas',
  title: '{{id}} · {{user}} como <mono>{{credential}}</mono> em {{device}}',
  opening: 'Abrindo o reprodutor…',
  open: 'O reprodutor está aberto aqui.',
  loading: 'Carregando a gravação…',
  loadingLive: 'Conectando à transmissão ao vivo…',
  hint: 'Pressione F6 para alternar entre o reprodutor e o restante da janela.',
  play: 'Reproduzir',
  pause: 'Pausar',
  seek: 'Posição',
  position: '{{position}} de {{duration}}',
  speed: 'Velocidade',
  previousEvent: 'Evento anterior',
  nextEvent: 'Próximo evento',
  events: 'Eventos',
  showEvents: 'Mostrar eventos',
  hideEvents: 'Ocultar eventos',
  noEvents: 'Nada foi registrado nesta sessão.',
  live: 'Ao vivo',
  goLive: 'Ir para o ao vivo',
  behind: '{{time}} de atraso',
  atEdge: 'No ponto ao vivo',
  accessEnds: 'Fim do acesso',
  accessEndsIn: 'O acesso termina em',
  endsSoon_one: 'Seu acesso termina em {{count}} minuto.',
  endsSoon_other: 'Seu acesso termina em {{count}} minutos.',
  skipped: 'Um trecho de {{length}} em {{at}} não existe na gravação e foi pulado.',
  finished: 'Fim da gravação',
  again: 'Tentar novamente',
  trouble: {
    missing: {
      what: 'Os arquivos da gravação não foram encontrados.',
      todo: 'Avise quem cuida do gateway: partes desta gravação sumiram.',
    },
    source: {
      what: 'O local onde a gravação está guardada não responde.',
      todo: 'Tente novamente em instantes. Se continuar assim, avise quem cuida do gateway.',
    },
    gateway: { what: 'Não foi possível acessar o gateway.', todo: 'Verifique a rede e tente novamente.' },
    elsewhere: {
      what: 'A lista de reprodução da gravação aponta para outro lugar e por isso não é reproduzida.',
      todo: 'Uma gravação só pode citar os próprios arquivos. Avise quem cuida do gateway.',
    },
    tooLarge: { what: 'Os arquivos da gravação são maiores do que o reprodutor aceita.', todo: 'Avise quem cuida do gateway.' },
    lease: {
      what: 'O gateway não permite continuar a reprodução.',
      todo: 'Volte para Sessões remotas e abra a sessão novamente.',
    },
    damaged: {
      what: 'A gravação está danificada neste ponto ou em um formato que não pode ser reproduzido.',
      todo: 'Tente novamente ou escolha outro ponto da barra.',
    },
    failed: {
      what: 'Não foi possível carregar a gravação.',
      todo: 'Tente novamente. Se continuar assim, avise quem cuida do gateway.',
    },
    start: { what: 'Não foi possível iniciar o reprodutor.', todo: 'Volte para Sessões remotas e abra a sessão novamente.' },
  },
  end: {
    closed: { what: 'O reprodutor foi fechado às {{at}}.', todo: '' },
    windowOver: {
      what: 'Seu acesso terminou às {{at}}.',
      todo: 'A janela concedida acabou. Para continuar assistindo, solicite novamente em Sessões remotas.',
    },
    revoked: {
      what: '{{by}} revogou seu acesso às {{at}}.',
      todo: 'A reprodução parou. Se precisar continuar, fale com {{by}} ou solicite novamente.',
    },
    revokedByNobody: {
      what: 'Seu acesso foi revogado às {{at}}.',
      todo: 'A reprodução parou. Se precisar continuar, solicite novamente.',
    },
    roleLost: {
      what: 'Você não pode mais assistir: seu papel ou sua permissão mudou às {{at}}.',
      todo: 'Um PAM Administrator pode dizer o motivo.',
    },
    signedOut: { what: 'Sua sessão no Oversight terminou às {{at}}.', todo: 'Entre novamente para assistir.' },
    leaseLost: {
      what: 'O gateway não pôde confirmar seu acesso, e a reprodução parou às {{at}}.',
      todo: 'Verifique a conexão e abra a sessão novamente em Sessões remotas.',
    },
    liveOver: {
      what: 'A sessão terminou às {{at}}, e com ela a transmissão ao vivo.',
      todo: 'A gravação poderá ser assistida quando estiver pronta.',
    },
    failed: {
      what: 'A reprodução parou às {{at}}: o reprodutor não conseguiu continuar.',
      todo: 'Abra a sessão novamente em Sessões remotas.',
    },
    comment: '“{{comment}}”',
  },
};
