export const common = {
  product: 'Oversight',
  nav: {
    label: 'Principal',
    audit: 'Auditoria',
    access: 'Acesso',
    app: 'Aplicativo',
    watching: 'Assistindo',
    sessions: 'Sessões remotas',
    history: 'Histórico',
    myRequests: 'Minhas solicitações',
    approvals: 'Aprovações',
    settings: 'Configurações',
    waiting_one: '{{count}} solicitação aguarda você',
    waiting_many: '{{count}} solicitações aguardam você',
    waiting_other: '{{count}} solicitações aguardam você',
    watch: 'Assistindo a {{id}}',
    closeViewing: 'Parar de assistir a {{id}}',
    skip: 'Ir para o conteúdo',
    signOut: 'Sair',
  },
  connection: {
    online: 'Conectado',
    connecting: 'Conectando…',
    offline: 'Sem conexão desde {{since}}',
    away: 'Não foi possível alcançar o gateway.',
    banner: 'Desde {{since}} você vê o que está no arquivo deste computador. Decidir e assistir dependem do gateway.',
    retryIn: 'Próxima tentativa em {{time}}.',
    retrying: 'Tentando agora…',
    retry: 'Tentar agora',
    gatewayTime: 'Hora do gateway {{time}} ({{zone}})',
    synchronised: 'Sincronizado há {{time}}',
    now: 'Sincronizado agora',
    reading: 'Lendo o que está registrado…',
  },
  kind: { recording: 'Vídeo da sessão', livestream: 'Transmissão ao vivo' },
  receipts: {
    contradicted:
      'O registro no gateway de uma visualização de {{id}} não é o deste computador. Avise o administrador do PAM: os registros devem ser verificados.',
    keyChanged:
      'Este gateway assina os registros de visualizações com outra chave. Se ninguém avisou sobre isso, fale com o administrador do PAM: os registros podem ter sido substituídos.',
    contradictedEarlier:
      'O registro no gateway de uma visualização anterior não é o deste computador. Avise o administrador do PAM: os registros devem ser verificados.',
  },
  closing: {
    title: 'Continuar em segundo plano?',
    text: 'O Oversight pode ficar na bandeja, contar o que aguarda você e avisar quando algo for decidido. O que você está assistindo nesta janela termina de qualquer forma.',
    hint: 'Você pode mudar isso nas configurações a qualquer momento.',
    stay: 'Continuar em segundo plano',
    quit: 'Sair',
  },
  actions: {
    cancel: 'Cancelar',
    close: 'Fechar',
    retry: 'Tentar de novo',
    back: 'Voltar',
    reload: 'Recarregar',
    more: 'Mostrar mais',
    dismiss: 'Dispensar',
  },
  waiting: 'Carregando…',
  broken: { title: 'Esta tela parou de funcionar', text: 'Nada do que foi salvo se perdeu. Recarregue para continuar.' },
  storage: {
    'archive-rebuilt': 'O arquivo deste computador não pôde ser lido. Ele foi posto de lado e está sendo buscado de novo.',
    'archive-too-new':
      'O arquivo deste computador foi gravado por uma versão mais nova do Oversight. Ele não foi alterado; nada será guardado até você atualizar.',
    'archive-in-memory':
      'O chaveiro do sistema não pode ser usado; por isso nada fica guardado neste computador depois que você sair.',
    'archive-unusable':
      'O arquivo deste computador não pode ser aberto agora, talvez porque o disco esteja cheio. Ele fica como está; nada é guardado até você iniciar o Oversight de novo.',
    'archive-contradicted':
      'Algo guardado neste computador não é o que o gateway assinou. Está sendo lido de novo; avise seu administrador do PAM.',
    'drafts-lost':
      'Os rascunhos não enviados neste computador não puderam ser lidos. O arquivo deles foi posto de lado; escreva de novo o que ainda não tinha enviado.',
    'settings-reset': 'As configurações não puderam ser lidas. Foram postas de lado e começam do zero.',
  },
};
