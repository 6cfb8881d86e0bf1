export const signin = {
  title: 'Entrar',
  lead: 'Assista a sessões privilegiadas sob controle duplo.',
  gateway: 'Gateway',
  gatewayHint: 'https://pam.example.com',
  userName: 'Usuário',
  password: 'Senha',
  oneTimeCode: 'Código de uso único',
  oneTimeCodeHint: 'Os seis dígitos do seu aplicativo autenticador.',
  stay: 'Continuar conectado neste computador',
  submit: 'Entrar',
  remembered: 'Contas neste computador',
  forget: 'Esquecer {{name}}',
  ended: 'Sua entrada terminou. Entre de novo.',
  unsent:
    'O registro de {{length}} do que você assistiu não pôde ser enviado. Ele fica neste computador, criptografado, e vai para o gateway quando você entrar aqui de novo. Todo o resto foi removido.',
  wiped:
    'Seu gateway mandou remover deste computador tudo o que era da sua conta. Fale com o administrador do PAM antes de entrar de novo.',
  keychain: {
    locked: 'O chaveiro do sistema está bloqueado. Desbloqueie-o para continuar conectado.',
    absent: 'Não há chaveiro do sistema aqui: será preciso entrar a cada vez, e nada fica guardado depois que você sair.',
    full: 'O chaveiro do sistema está cheio: será preciso entrar a cada vez.',
    failing: 'O chaveiro do sistema não funciona: será preciso entrar a cada vez.',
    restarted:
      'O chaveiro do sistema foi reiniciado enquanto o Oversight estava aberto. Encerre o Oversight e abra-o de novo para continuar conectado; até lá, nada fica guardado depois que você sair.',
  },
  keychainWaits:
    'O chaveiro do sistema está bloqueado; a conta que ficou conectada não pode ser aberta. Desbloqueie-o e tente de novo.',
};
