// The signing page: a draft from a small form, what it says in words, the signature, the trial and the answer.
import { capital, minorUnits, rateOf } from './capital.js';
import { filesOf, handedOver, hide, wrap } from './hidden.js';
import { openKeyFile } from './keyfile.js';
import { keep, kept } from './keep.js';
import { newId, sha256, hex } from './octets.js';
import { describe, details, named, own, payloadOf, read, signFirst, signNext } from './transaction.js';

const root = document.getElementById('signing');
if (root) start(root);

function start(root) {
  const known = JSON.parse(root.dataset.context);
  const words = JSON.parse(root.dataset.words);
  known.tables = JSON.parse(root.dataset.tables);
  const minute = 60000;
  const day = 24 * 60 * minute;
  const at = id => document.getElementById(id);
  const make = (tag, members = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), members);
    made.append(...children);
    return made;
  };
  let signer = null;
  let draft = null;
  let handed = null;
  let opened = new Map();

  const show = (place, ...children) => at(place).replaceChildren(...children);
  const wrong = (place, problem) => show(place, make('p', { className: 'bad-text', textContent: words[problem.reason] ?? problem.message ?? words.failed }));

  // The key: the one that this browser keeps, or one that is opened here.
  const useKey = opened => {
    signer = opened;
    at('key-says').textContent = opened ? words.keyReady.replace('{0}', opened.kid) : words.noKey;
    at('unlock').hidden = Boolean(opened);
    renew();
  };
  at('unlock').addEventListener('submit', async event => {
    event.preventDefault();
    const password = at('key-password');
    try {
      at('unlock-says').textContent = words.unlocking;
      const opened = await openKeyFile(await at('key-file').files[0].text(), password.value);
      password.value = '';
      await keep(known.chain, opened);
      at('unlock-says').textContent = '';
      useKey(opened);
    } catch (problem) {
      at('unlock-says').className = 'bad-text';
      at('unlock-says').textContent = words[problem.reason] ?? words.failed;
    }
  });
  if (globalThis.crypto?.subtle) kept(known.chain).then(useKey, () => useKey(null));
  else at('key-says').textContent = words.noWebCrypto;

  // The form of an act: what a person has to say, and no more.
  const field = (name, members = {}, tag = 'input') => make('label', {}, make('span', { textContent: words[`field${name[0].toUpperCase()}${name.slice(1)}`] ?? name }),
    Object.assign(document.createElement(tag), { name, ...members }));
  const tick = (name, checked) => make('label', { className: 'tick' }, Object.assign(document.createElement('input'), { type: 'checkbox', name, checked }),
    make('span', { textContent: words[`field${name[0].toUpperCase()}${name.slice(1)}`] }));
  const choice = (name, options) => {
    const select = make('select', { name }, ...options.map(one => make('option', { value: one, textContent: words[`choice${one[0].toUpperCase()}${one.slice(1)}`] ?? one })));
    return make('label', {}, make('span', { textContent: words[`field${name[0].toUpperCase()}${name.slice(1)}`] }), select);
  };
  // A term of an agreement starts empty: nobody's silence is an answer.
  const asked = (name, options) => {
    const label = choice(name, options);
    const select = label.querySelector('select');
    select.prepend(make('option', { value: '', textContent: '', selected: true }));
    select.required = true;
    return label;
  };
  const parties = () => make('datalist', { id: 'parties' }, ...Object.entries(known.names).map(([id, name]) => make('option', { value: id, label: name })));
  const party = (name, value = '') => {
    const label = field(name, { value, required: true });
    label.querySelector('input').setAttribute('list', 'parties');
    return label;
  };
  const documents = field('documents', { rows: 3, placeholder: words.documentsHint, value: (known.documents ?? []).join('\n') }, 'textarea');
  const forms = {
    accept: [field('offer', { value: known.offer ?? '', required: true })],
    decline: [field('offer', { value: known.offer ?? '', required: true })],
    withdraw: [field('offer', { value: known.offer ?? '', required: true })],
    transfer: [
      field('instrument', { value: known.instrument ?? '', required: true }), party('to'), field('amount', { inputMode: 'decimal', placeholder: words.amountHint }),
      field('units', { placeholder: '1-100000' }), choice('cause', ['trade', 'sale']), asked('recourse', ['yes', 'no']), documents, field('days', { type: 'number', min: 1, max: 10, value: 3 })],
    request: [
      party('obligor'), field('amount', { inputMode: 'decimal', required: true }), field('contractSigned', { type: 'date', required: true }),
      choice('obligorSize', ['large', 'medium', 'small', 'micro', 'publicBody', 'unstated']), choice('creditorSize', ['small', 'micro', 'medium', 'large', 'publicBody', 'unstated']),
      field('supplierConsent', { type: 'file', required: true })],
    confirm: [
      field('instrument', { value: known.instrument ?? '', required: true }), field('amount', { inputMode: 'decimal', required: true, value: known.face ? plain(known.face) : '' }),
      field('letter', { type: 'file', required: true }), field('contractClause', { type: 'file', required: true }), asked('defencesWaived', ['yes', 'no']), field('disputeReason', { type: 'file' })],
    issue: [
      field('instrument', { value: known.instrument ?? newId(known.ledgerTime), required: true }), party('creditor'), field('amount', { inputMode: 'decimal', required: true, value: known.face ? plain(known.face) : '' }),
      field('dueDate', { type: 'date', required: true }), tick('transferable', true), documents, field('letter', { type: 'file' }), field('contractClause', { type: 'file' }),
      optional(asked('defencesWaived', ['yes', 'no'])), field('days', { type: 'number', min: 1, max: 10, value: 7 })],
    apply: [
      field('instrument', { value: known.instrument ?? '', required: true }), party('financier'), choice('form', ['pledgeLoan', 'recourseFactoring', 'nonRecourseFactoring', 'discount']),
      field('principal', { inputMode: 'decimal', required: true }), field('units', { placeholder: '1-100000', required: true }),
      field('end', { type: 'date', required: true, value: known.dueDate && known.dueDate !== '--' ? known.dueDate : '' }), documents, asked('dayCount', ['actual360', 'actual365', 'thirty360']),
      asked('bounds', ['first', 'last', 'both', 'neither']), asked('rounding', ['halfUp', 'down', 'up']), asked('payment', ['atMaturity', 'prepaid']), asked('refundsUnearned', ['yes', 'no']),
      field('graceDays', { type: 'number', min: 0, max: 365, required: true }), asked('accruesOnRolledDays', ['yes', 'no']),
      field('rate', { required: true, placeholder: '3.85%' }), field('penaltyRate', { required: true, placeholder: '5.775%' }),
      field('fees', { required: true, inputMode: 'decimal', placeholder: '0.00' })],
    withdrawApplication: [field('financing', { value: known.financing ?? '', required: true })],
    approve: [
      field('financing', { value: known.financing ?? '', required: true }), party('reviewer'), field('committedDays', { type: 'number', min: 1, max: 10, value: 3 }),
      choice('credit', ['none', 'general', 'earmarked', 'supplier']), field('line')],
    attest: [
      field('financing', { value: known.financing ?? '', required: true }), choice('registryAct', ['query', 'registration', 'cancellation']),
      choice('finding', ['clear', 'released', 'encumbered', 'done']), field('certificate', { type: 'file', required: true })],
    disburse: paid(),
    repay: paid(),
    settle: [...paid(), asked('surplus', ['yes', 'no']), asked('refund', ['yes', 'no'])],
    buyBack: paid(),
    receipt: [
      field('instrument', { value: known.instrument ?? '', required: true }), choice('outcome', ['paid', 'partlyPaid', 'disputed']),
      field('amount', { inputMode: 'decimal', required: true }), field('bankReference', { required: true, maxLength: 35 }),
      field('valueDate', { type: 'date', required: true, value: known.today }), field('units', { placeholder: '1-100000' }), optional(party('payee'))],
    confirmPayment: [
      field('announced', { value: known.payment ?? '', required: true }), party('payee', known.payee ?? ''), field('bankReference', { required: true, maxLength: 35 })],
    denyPayment: [
      field('announced', { value: known.payment ?? '', required: true }), party('payee', known.payee ?? ''), field('reason', { type: 'file', required: true })],
    presentBill: [
      field('instrument', { value: known.instrument ?? '', required: true }), field('units', { placeholder: '1-100000', required: true }),
      field('days', { type: 'number', min: 1, max: 10, value: 3 })],
  };
  // Its figures are the node's, computed from what was disclosed to it.
  function paid() {
    return [field('financing', { value: known.financing ?? '', required: true, readOnly: Boolean(known.financing) }), field('bankReference', { required: true, maxLength: 35 })];
  }
  function optional(label) {
    (label.querySelector('input') ?? label.querySelector('select')).required = false;
    return label;
  }
  function plain(minor) {
    const padded = String(minor).padStart(3, '0');
    return `${padded.slice(0, -2)}.${padded.slice(-2)}`;
  }

  const form = at('draft');
  if (forms[known.act]) {
    form.append(
      parties(), ...forms[known.act], field('onBehalfOf', { value: '' }), field('secondSigner', { placeholder: '…#2' }),
      make('button', { type: 'submit', textContent: words.showWhatItSays }), make('p', { id: 'draft-says', role: 'status' }));
    form.addEventListener('submit', async event => {
      event.preventDefault();
      at('draft-says').textContent = '';
      try {
        handed = null;
        draft = await drafted(new FormData(form));
        opened = draft.hidden;
        await learn(draft.body);
        renew();
      } catch (problem) {
        draft = null;
        at('draft-says').className = 'bad-text';
        at('draft-says').textContent = words[problem.message] ?? problem.message;
        renew();
      }
    });
    form.addEventListener('input', event => {
      draft = null;
      const typed = event.target;
      if (typed.name === 'amount' || typed.name === 'principal') {
        const minor = minorUnits(typed.value, known.currency ?? 'CNY');
        at('draft-says').className = 'note';
        at('draft-says').textContent = minor && (known.currency ?? 'CNY') === 'CNY' ? capital(minor) : '';
      }
      renew();
    });
  }

  // Ledger time comes from the node each time: a page may have been open for hours.
  async function now() {
    try {
      const health = await (await fetch('/v1/health')).json();
      return Number(health.ledgerTime) || known.ledgerTime;
    } catch {
      return known.ledgerTime;
    }
  }

  const hashOf = async file => file instanceof File && file.size > 0 ? hex(await sha256(new Uint8Array(await file.arrayBuffer()))) : undefined;
  const amountOf = given => {
    const minor = minorUnits(given, known.currency ?? 'CNY');
    if (minor === null) throw new Error('wrongAmount');
    return minor;
  };
  const uses = (given, minor) => given.split('\n').map(line => line.trim()).filter(Boolean).map(line => {
    const [document, amount] = line.split(/\s+/);
    return { document, amount: amount ? amountOf(amount) : minor };
  });

  async function drafted(given) {
    const time = await now();
    const value = name => (given.get(name) ?? '').toString().trim();
    const typed = ['instrument', 'financing', 'offer'].map(value).filter(Boolean);
    if (typed.length > 0) await learn({ operations: typed });
    const of = typed.map(id => known.things[id]).find(Boolean);
    if (of) known.currency = of.currency;
    const expires = () => Math.ceil((time + Number(value('days') || 3) * day) / minute) * minute;
    const currency = known.currency ?? 'CNY';
    const operations = {
      accept: async () => ({ kind: 'offer.accept', offer: value('offer') }),
      decline: async () => ({ kind: 'offer.decline', offer: value('offer') }),
      withdraw: async () => ({ kind: 'offer.withdraw', offer: value('offer') }),
      transfer: async () => {
        const units = value('units');
        const amount = units ? undefined : amountOf(value('amount'));
        const all = units ? String(BigInt(units.split('-')[1]) - BigInt(units.split('-')[0]) + 1n) : amount;
        const trade = value('cause') === 'trade';
        return {
          kind: 'token.transfer', offer: newId(time), instrument: value('instrument'), to: value('to'), cause: value('cause'), recourse: value('recourse') === 'yes',
          documents: trade ? uses(value('documents'), all) : [], expires: expires(), ...(units ? { units } : { amount }),
        };
      },
      request: async () => ({
        kind: 'confirmation.request', instrument: newId(time), obligor: value('obligor'), currency, amount: amountOf(value('amount')), contractSigned: value('contractSigned'),
        obligorSize: value('obligorSize'), creditorSize: value('creditorSize'), supplierConsent: await hashOf(given.get('supplierConsent')),
      }),
      confirm: async () => {
        const reason = await hashOf(given.get('disputeReason'));
        return {
          kind: 'confirmation.confirm', instrument: value('instrument'), amount: amountOf(value('amount')),
          undertaking: { letter: await hashOf(given.get('letter')), defencesWaived: value('defencesWaived') === 'yes', contractClause: await hashOf(given.get('contractClause')) },
          ...(reason ? { disputeReason: reason } : {}),
        };
      },
      issue: async () => {
        const amount = amountOf(value('amount'));
        const letter = await hashOf(given.get('letter'));
        if (letter && !value('defencesWaived')) throw new Error('defencesUnsaid');
        return {
          kind: 'receivable.issue', offer: newId(time), instrument: value('instrument'), creditor: value('creditor'), currency, amount, issueDate: known.today, dueDate: value('dueDate'),
          transferable: given.has('transferable'), documents: uses(value('documents'), amount), expires: expires(),
          ...(letter ? { undertaking: { letter, defencesWaived: value('defencesWaived') === 'yes', contractClause: await hashOf(given.get('contractClause')) } } : {}),
        };
      },
      apply: async () => ({
        kind: 'financing.apply', financing: newId(time), instrument: value('instrument'), financier: value('financier'), form: value('form'), principal: amountOf(value('principal')),
        end: value('end'), documents: value('documents').split(/\s+/).filter(Boolean), units: value('units'), dayCount: value('dayCount'), bounds: value('bounds'), rounding: value('rounding'),
        payment: value('payment'), refundsUnearned: value('refundsUnearned') === 'yes', graceDays: Number(value('graceDays')),
        accruesOnRolledDays: value('accruesOnRolledDays') === 'yes',
      }),
      withdrawApplication: async () => ({ kind: 'financing.withdraw', financing: value('financing') }),
      approve: async () => ({
        kind: 'financing.approve', financing: value('financing'), reviewer: value('reviewer'),
        committedUntil: Math.ceil((time + Number(value('committedDays') || 3) * day) / minute) * minute, credit: value('credit'), ...(value('line') ? { line: value('line') } : {}),
      }),
      attest: async () => ({
        kind: 'registry.attest', attestation: newId(time), financing: value('financing'), act: value('registryAct'), finding: value('finding'),
        certificate: await hashOf(given.get('certificate')), statedAt: time,
      }),
      disburse: async () => ({ kind: 'financing.disburse', financing: value('financing'), bankReference: value('bankReference') }),
      repay: async () => ({ kind: 'financing.repay', financing: value('financing'), bankReference: value('bankReference') }),
      settle: async () => ({
        kind: 'financing.settle', financing: value('financing'), surplus: value('surplus') === 'yes', refund: value('refund') === 'yes', bankReference: value('bankReference'),
      }),
      buyBack: async () => ({ kind: 'financing.buyBack', financing: value('financing'), bankReference: value('bankReference') }),
      receipt: async () => ({
        kind: 'payment.receipt', payment: newId(time), instrument: value('instrument'), outcome: value('outcome'), amount: amountOf(value('amount')), reference: value('bankReference'),
        valueDate: value('valueDate'), ...(value('units') ? { units: value('units') } : {}), ...(value('payee') ? { payee: value('payee') } : {}),
      }),
      confirmPayment: async () => ({ kind: 'payment.confirm', announced: value('announced'), payment: newId(time), payee: value('payee'), reference: value('bankReference') }),
      denyPayment: async () => ({ kind: 'payment.deny', payment: value('announced'), payee: value('payee'), reason: await hashOf(given.get('reason')) }),
      presentBill: async () => ({ kind: 'bill.present', offer: newId(time), instrument: value('instrument'), units: value('units'), expires: expires() }),
    };
    const party = signer ? signer.kid.slice(0, signer.kid.indexOf('#')) : known.party;
    if (!party) throw new Error('noKey');
    const operation = await operations[known.act]();
    const hidden = await hide(termsOf(value));
    if (hidden.size > 0) operation._sd = [...hidden.keys()];
    const payload = payloadOf({ party, onBehalfOf: value('onBehalfOf') || undefined, expires: Math.min(time + 10 * minute, hidden.size > 0 ? endOfDay(time) : Infinity), operations: [operation] });
    return { payload, body: JSON.parse(new TextDecoder().decode(payload)), second: value('secondSigner'), hidden };
  }

  // What was computed for a day is signed for that day.
  const endOfDay = time => (Math.floor((time + known.offsetMinutes * minute) / day) + 1) * day - known.offsetMinutes * minute;

  // What an act hides: rates and fees as they were typed, figures as the node computed them from what was disclosed.
  const figures = { disburse: ['interest', 'netProceeds'], repay: ['payoff'], buyBack: ['buyBackPrice'] };
  function termsOf(value) {
    if (known.act === 'apply') {
      const [rate, penaltyRate] = [rateOf(value('rate')), rateOf(value('penaltyRate'))];
      if (rate === null || penaltyRate === null) throw new Error('wrongRate');
      return { rate, penaltyRate, fees: amountOf(value('fees')) };
    }
    const wanted = known.act === 'settle' ? [...(value('surplus') === 'yes' ? ['payoff', 'surplus'] : []), ...(value('refund') === 'yes' ? ['refund'] : [])] : figures[known.act] ?? [];
    if (wanted.length === 0) return {};
    if (!known.figures || value('financing') !== known.financing) throw new Error('figuresUnknown');
    const terms = {};
    for (const name of wanted) {
      const { amount, why, mayLack } = known.figures[name];
      if (amount !== undefined) terms[name] = amount;
      else if (!mayLack) throw new Error(`${termName(name)}：${why}`);
    }
    return terms;
  }
  const termName = name => known.tables.terms[name]?.label ?? name;

  // Its own bank's node is shown what an act hides; no other's.
  function besideOf(body) {
    const operation = body.operations[0];
    const isItsBank = operation.kind === 'financing.apply' ? operation.financier === known.bank : (body.onBehalfOf ?? body.party) === known.bank;
    return isItsBank ? filesOf(known.chain, body, opened) : [];
  }

  // Without its disclosures nobody could ever show what was hidden: whoever signs keeps them.
  function keepDisclosures() {
    return filesOf(known.chain, draft.body, opened).map(file => make('p', { className: 'actions' }, make('a', {
      className: 'button', href: URL.createObjectURL(new Blob([JSON.stringify(file, null, 2)], { type: 'application/json' })),
      download: `${file.party}_${file.id}_${file.operation}.json`, textContent: words.keepDisclosures,
    })));
  }

  // An address is only so long.
  const together = 80;

  // What a payload names and the page does not know yet: the node tells what its visitor may see. Without an answer the words say so.
  async function learn(body) {
    const asked = named(body);
    const [ids, parties] = [asked.ids.filter(id => !known.things[id]), asked.parties.filter(id => !known.names[id])];
    try {
      while (ids.length > 0 || parties.length > 0) {
        const told = await (await fetch(`/sign/things?ids=${ids.splice(0, together).join(',')}&parties=${parties.splice(0, together).join(',')}`)).json();
        Object.assign(known.things, told.things);
        Object.assign(known.names, told.names);
      }
    } catch {
      // The node does not answer: what it would have told stays unsaid, and amounts without their currency show it.
    }
  }

  // What a maker signed, with the disclosures of what it hides: in one file, or in files beside it.
  at('handed-over').addEventListener('change', async event => {
    try {
      [draft, handed, opened] = [null, null, new Map()];
      const over = await handedOver(await Promise.all(Array.from(event.target.files, file => file.text())), known.chain);
      handed = read(over.transaction, known.chain);
      opened = over.opened;
      await learn(handed.body);
      renew();
    } catch (problem) {
      handed = null;
      wrong('says', problem);
      renew(true);
    }
  });

  // What could not be said is not signed.
  let isSaid = false;

  function renew(keepWords) {
    const body = handed?.body ?? draft?.body;
    const waits = handed ? handed.missing.filter(kid => kid !== signer?.kid) : draft?.second ? [draft.second] : [];
    if (!keepWords) isSaid = says(body, waits);
    at('sign-and-send').disabled = !body || !signer || !isSaid || waits.length > 0;
    at('sign-and-save').disabled = !body || !signer || !isSaid || waits.length === 0;
  }

  function says(body, waits) {
    if (!body) {
      show('says', make('p', { className: 'note', textContent: words.nothingYet }));
      return false;
    }
    try {
      show('says',
        ...describe(body, known, words).map(line => make('p', { className: 'words', textContent: line })),
        ...body.operations.map(told),
        ...(handed ? [] : keepDisclosures()),
        ...(handed ? [make('p', { textContent: words.alreadySigned.replace('{0}', handed.parts.map(part => part.kid).join(' ')) })] : []),
        ...(waits.length > 0 ? [make('p', { textContent: words.stillToSign.replace('{0}', waits.join(' ')) })] : []),
        make('details', {}, make('summary', { textContent: words.payloadToSign }), make('pre', { className: 'code', textContent: JSON.stringify(body, null, 2) })));
      return true;
    } catch (problem) {
      wrong('says', problem);
      return false;
    }
  }

  // All that an operation says, and below it what the ledger says of the things that it names.
  function told(operation) {
    const rows = details(operation, known, words, opened);
    const list = pairs => make('dl', { className: 'facts' }, ...pairs.flatMap(([label, text, className]) =>
      [make('dt', { textContent: label }), make('dd', { textContent: text, className: className ?? '' })]));
    const things = [...new Map(rows.filter(row => row.thing).map(row => [row.text, row])).values()];
    return make('section', {},
      make('h3', { textContent: own(known.tables.verbs, operation.kind) ?? operation.kind }),
      list(rows.map(row => [row.label, row.text, row.isBad ? 'bad-text' : row.isFlag ? 'words' : ''])),
      ...(rows.some(row => row.isBad) ? [make('p', { className: 'bad-text', textContent: words.termsMissing })] : []),
      ...things.map(row => make('details', { open: true }, make('summary', { textContent: fill(words.ledgerSays, row.label, row.text) }), list(row.thing.facts))));
  }

  const fill = (sentence, ...values) => sentence.replace(/\{(\d)\}/g, (_, place) => values[Number(place)]);

  const signed = () => handed ? signNext(handed, known.chain, signer) : signFirst(draft.payload, known.chain, draft.second ? [draft.second] : [], signer);

  at('sign-and-save').addEventListener('click', async () => {
    try {
      const link = make('a', { href: URL.createObjectURL(new Blob([wrap(await signed(), filesOf(known.chain, handed?.body ?? draft.body, opened))], { type: 'application/json' })), download: `to-check-${(handed?.body ?? draft.body).id}.json` });
      link.click();
      URL.revokeObjectURL(link.href);
      show('answer', make('p', { className: 'good-text', textContent: words.savedForChecker }));
    } catch (problem) {
      wrong('answer', problem);
    }
  });

  at('sign-and-send').addEventListener('click', async () => {
    at('sign-and-send').disabled = true;
    try {
      const jws = await signed();
      show('answer', make('p', { textContent: words.trying }));
      const beside = besideOf(handed?.body ?? draft.body);
      const trial = await post('/v1/dry-run', jws, beside);
      if (trial.code !== 0) {
        tell(trial, words.wouldBeRefused);
        renew(true);
        return;
      }
      const answer = await post('/v1/transactions', jws, beside);
      tell(answer, answer.code === 0 ? words.accepted : words.refused);
      if (answer.code === 0) {
        draft = null;
        handed = null;
      }
    } catch (problem) {
      wrong('answer', problem);
    }
    renew(true);
  });

  const post = async (path, jws, beside) => (await fetch(beside.length > 0 ? `${path}/disclosed` : path, {
    method: 'POST', headers: { 'Content-Type': beside.length > 0 ? 'application/json' : 'application/jose+json' },
    body: beside.length > 0 ? JSON.stringify({ transaction: jws, disclosures: beside }) : jws,
  })).json();

  // The two sentences and the number of a refusal; of what was accepted, where it stands and its receipt.
  function tell(answer, heading) {
    const isGood = answer.code === 0;
    const lines = [make('p', { className: isGood ? 'good-text words' : 'bad-text words', textContent: isGood ? heading : `${heading} ${answer.code}` })];
    if (!isGood) lines.push(make('p', { lang: 'zh-CN', textContent: answer.detailZh ?? '' }), make('p', { lang: 'en', textContent: answer.detail ?? '' }));
    if (answer.leaf !== undefined) {
      lines.push(make('p', { className: 'actions' },
        make('a', { className: 'button', href: `/entries/${answer.leaf}`, textContent: words.toEntry.replace('{0}', answer.leaf) }),
        make('a', { className: 'button', href: `/entries/${answer.leaf}/receipt`, download: '', textContent: words.toReceipt })));
    }
    show('answer', ...lines);
  }

  addEventListener('pagehide', () => { signer = null; });
}
