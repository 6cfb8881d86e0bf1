// What is done in each recorded session. A step is a line that is typed, a pause, or an action on a desktop.
const pause = (seconds) => ({ pause: seconds });
const type = (command, seconds = 2.5, alert) => ({ command, seconds, ...(alert && { alert }) });

/** A configuration change that takes checkout down, and the way back. `files` are laid over the machine's own for the session alone. */
const checkout = {
  name: 'nginx-checkout',
  form: 'fmp4',
  session: {
    id: '4f1aa',
    user: 'jsouza',
    credential: 'root',
    device: 'web-07',
    originIp: '10.4.1.22',
    protocol: 'SSH',
    proxy: 'proxy-1',
    reason: 'Change',
    justification: 'CHG-7731: raise the upload limit of checkout',
  },
  terminal: {
    prompt: 'root@web-07:~# ',
    files: {
      '/etc/nginx/nginx.conf': 'events {}\nhttp {\n    include conf.d/*.conf;\n}\n',
      '/etc/nginx/conf.d/checkout.conf':
        'upstream checkout {\n    server 10.4.8.21:8080;\n    server 10.4.8.22:8080;\n}\n\nserver {\n    listen 8443;\n    server_name checkout.example.com;\n    client_max_body_size 2m;\n\n    location / {\n        proxy_pass http://checkout;\n        proxy_read_timeout 30s;\n    }\n}\n',
      '/var/log/nginx/error.log':
        '22:14:07 [error] upstream timed out while reading response header, upstream: "http://10.4.8.21:8080/pay"\n22:14:09 [error] no live upstreams while connecting to upstream, client: 10.9.2.4\n22:14:09 [error] no live upstreams while connecting to upstream, client: 10.9.7.31\n',
    },
    own: ['/etc/nginx', '/var/log', '/var/lib/nginx', '/root'],
  },
  steps: [
    pause(3),
    type('cd /etc/nginx'),
    type('ls -l conf.d'),
    type('cat conf.d/checkout.conf', 6),
    type('cp conf.d/checkout.conf /root/checkout.conf.bak'),
    type("sed -i 's/client_max_body_size 2m/client_max_body_size 20m/' conf.d/checkout.conf", 3),
    type("sed -i 's/proxy_read_timeout 30s/proxy_read_timeout 1s/' conf.d/checkout.conf", 3),
    type('nginx -t', 4),
    type('diff /root/checkout.conf.bak conf.d/checkout.conf', 6),
    pause(24),
    type('tail -n 3 /var/log/nginx/error.log', 9, { text: 'Errors after a change of configuration', severity: 'medium' }),
    type('grep -n timeout conf.d/checkout.conf', 5),
    pause(12),
    type('cp /root/checkout.conf.bak conf.d/checkout.conf', 3),
    type('nginx -t', 4),
    type('diff /root/checkout.conf.bak conf.d/checkout.conf && echo rolled back', 5),
    pause(6),
  ],
};

/** Queries on a table of customers, one of which takes the whole of it away. */
const customers = {
  name: 'customers-export',
  form: 'fmp4',
  session: {
    id: '4f1d0',
    user: 'rlopes',
    credential: 'postgres',
    device: 'pg-bi-01',
    originIp: '10.4.2.17',
    protocol: 'Database',
    proxy: 'proxy-1',
    reason: 'Incident',
    justification: 'INC-20418: report with wrong totals',
  },
  terminal: {
    prompt: 'postgres@pg-bi-01:~$ ',
    files: {
      '/root/.sqliterc': '.mode box\n.prompt "bi> "\n.headers on\n',
      '/root/seed.sql':
        "create table customers (id integer primary key, name text, city text, card text, total real);\nwith recursive n(i) as (select 1 union all select i + 1 from n where i < 480)\ninsert into customers select i, 'Customer ' || i, case i % 4 when 0 then 'Recife' when 1 then 'Curitiba' when 2 then 'Porto' else 'Lisboa' end, '4111-****-' || (1000 + i), round(i * 17.35, 2) from n;\n",
    },
    own: ['/root', '/srv'],
    prepare: 'sqlite3 /root/bi.db < /root/seed.sql 2>/dev/null',
  },
  steps: [
    pause(3),
    type('sqlite3 bi.db', 3),
    type('select count(*) from customers;', 4),
    type('select city, count(*), round(sum(total), 2) as total from customers group by city;', 7),
    pause(14),
    type("select * from customers where city = 'Recife' order by total desc limit 8;", 8),
    type('.output /srv/customers.csv', 3, { text: 'Output of the database to a file', severity: 'high' }),
    type('.mode csv', 2),
    type('select * from customers;', 4),
    type('.quit', 3),
    type('wc -l /srv/customers.csv', 5),
    type('gzip -k /srv/customers.csv && ls -lh /srv', 6),
    pause(5),
  ],
};

/** A clean-up of backups that removes more than it should, and the tracks of it. */
const backups = {
  name: 'backup-cleanup',
  form: 'ts',
  session: {
    id: '4f133',
    user: 'gcosta',
    credential: 'root',
    device: 'bastion-2',
    originIp: '10.4.1.31',
    protocol: 'SSH',
    proxy: 'proxy-2',
    reason: 'Maintenance',
    justification: 'Disk of the backups is nearly full',
  },
  terminal: {
    prompt: 'root@bastion-2:~# ',
    files: {
      '/var/backups/old/db-2025-11.tar': 'x'.repeat(40_000),
      '/var/backups/old/db-2025-12.tar': 'x'.repeat(52_000),
      '/var/backups/new/db-2026-10.tar': 'x'.repeat(61_000),
      '/var/backups/new/db-2026-11.tar': 'x'.repeat(64_000),
    },
    own: ['/var/backups', '/root'],
  },
  steps: [
    pause(2),
    type('cd /var/backups && du -sh *', 5),
    type('ls -l old new', 6),
    type('tar czf /root/backup.tgz old', 4),
    type('tar tzf /root/backup.tgz', 5),
    pause(11),
    type('rm -rf /var/backups/old', 4, { text: 'rm -rf on a folder of backups', severity: 'high' }),
    type('ls /var/backups', 5),
    type('sha256sum /root/backup.tgz | cut -c1-16', 5),
    pause(8),
    type('history | tail -n 4', 5),
    type('history -c', 3, { text: 'The history of commands was cleared', severity: 'high' }),
    type('exit', 3),
  ],
};

/** An administrator's desktop: files, an editor, a calculator. */
const desktop = {
  name: 'desktop-shares',
  form: 'fmp4',
  session: {
    id: '4f1e9',
    user: 'akim',
    credential: 'Administrator',
    device: 'dc01.corp',
    originIp: '10.4.1.80',
    protocol: 'RDP',
    proxy: 'proxy-1',
    reason: 'Access review',
    justification: 'Who may read the share of finance',
  },
  desktop: {
    files: {
      'shares/finance.txt': 'share: finance\nread: finance, audit\nwrite: finance\n',
      'shares/hr.txt': 'share: hr\nread: hr\nwrite: hr\n',
      'shares/public.txt': 'share: public\nread: everyone\nwrite: it\n',
      'notes.txt': 'Review of shares, November\n\n',
    },
  },
  steps: [
    pause(3),
    { open: ['mousepad', 'notes.txt'], window: 'notes.txt - Mousepad', place: [60, 60, 700, 420], seconds: 4 },
    { keys: 'ctrl+End' },
    { text: 'finance: read by finance and audit, as agreed\n', seconds: 3 },
    {
      open: ['mousepad', 'shares/finance.txt'],
      window: 'finance.txt - Mousepad',
      place: [520, 200, 640, 380],
      seconds: 5,
      file: 'shares/finance.txt',
    },
    { keys: 'ctrl+End' },
    { text: 'read: akim\n', seconds: 4, alert: { text: 'Rights of the share finance were changed', severity: 'high' } },
    { keys: 'ctrl+s', seconds: 3, file: 'shares/finance.txt saved' },
    pause(16),
    { open: ['galculator'], window: 'galculator', place: [820, 90, 380, 420], seconds: 4 },
    { text: '480*17.35=', seconds: 5 },
    pause(10),
    {
      open: ['mousepad', 'shares/hr.txt'],
      window: 'hr.txt - Mousepad',
      place: [260, 130, 620, 360],
      seconds: 6,
      file: 'shares/hr.txt',
    },
    { keys: 'ctrl+q', seconds: 3 },
    pause(5),
  ],
};

export const scenarios = [checkout, desktop, customers, backups];
