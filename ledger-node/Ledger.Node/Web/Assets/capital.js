// Yuan in capital characters (大写金额), by the rules of 《支付结算办法》 annex 1, as the pages and the command line write them.

const digits = '零壹贰叁肆伍陆柒捌玖';
const places = ['仟', '佰', '拾', ''];

/** The capital text of an amount of fen, given as digits. */
export function capital(fen) {
  const all = BigInt(fen);
  const yuan = all / 100n;
  const jiao = Number(all / 10n % 10n);
  const cent = Number(all % 10n);
  let said = '人民币';
  if (yuan > 0n || (jiao === 0 && cent === 0)) said += whole(yuan) + '元';
  if (jiao > 0) said += digits[jiao] + '角';
  if (cent > 0) said += (jiao === 0 && yuan > 0n ? '零' : '') + digits[cent] + '分';
  else if (jiao === 0) said += '整';
  return said;
}

function whole(yuan) {
  if (yuan === 0n) return '零';
  let said = '';
  for (const [scale, name] of [[100000000n, '亿'], [10000n, '万'], [1n, '']]) {
    const group = Number(yuan / scale % 10000n);
    if (group === 0) continue;
    const gap = group < 1000 || yuan / scale / 10000n % 10000n === 0n;
    if (gap && said.length > 0) said += '零';
    said += four(group) + name;
  }
  return said;
}

function four(group) {
  let said = '';
  let skipped = false;
  [1000, 100, 10, 1].forEach((scale, place) => {
    const digit = Math.floor(group / scale) % 10;
    if (digit === 0) {
      skipped = said.length > 0;
      return;
    }
    if (skipped) said += '零';
    said += digits[digit] + places[place];
    skipped = false;
  });
  return said;
}

const minorDigits = currency => currency === 'JPY' || currency === 'KRW' ? 0 : 2;

/** Money as people read it: ¥1,234.50 for yuan, the code for all others. */
export function money(minor, currency) {
  const wanted = minorDigits(currency);
  const padded = String(minor).padStart(wanted + 1, '0');
  const major = padded.slice(0, padded.length - wanted).replace(/\B(?=(\d{3})+$)/g, ',');
  const figures = wanted === 0 ? major : `${major}.${padded.slice(-wanted)}`;
  return currency === 'CNY' ? `¥${figures}` : `${currency} ${figures}`;
}

/** Minor units, as digits, of an amount as a person types it; null for what could be read in two ways. */
export function minorUnits(typed, currency) {
  const narrow = typed.trim().replace(/[\uFF01-\uFF5E]/g, wide => String.fromCharCode(wide.charCodeAt(0) - 0xFEE0)).replaceAll('\uFFE5', '¥').replace(/^¥\s*/, '');
  const found = /^(0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d*)(?:\.(\d+))?$/.exec(narrow);
  const wanted = minorDigits(currency);
  if (!found || (found[2] ?? '').length > wanted) return null;
  const minor = (found[1].replaceAll(',', '') + (found[2] ?? '').padEnd(wanted, '0')).replace(/^0+(?=\d)/, '');
  return minor.length <= 12 ? minor : null;
}

/** A yearly rate as people write it, 3.85%, in millionths; null for anything else. */
export function rateOf(typed) {
  const read = /^(0|[1-9]\d{0,3})(?:\.(\d{1,4}))?\s*[%％]$/.exec(typed.trim());
  if (!read) return null;
  const millionths = BigInt(read[1]) * 10000n + BigInt((read[2] ?? '').padEnd(4, '0'));
  return millionths > 10000000n ? null : String(millionths);
}

/** Millionths as people write them. */
export function percent(millionths) {
  const all = BigInt(millionths);
  const rest = String(all % 10000n).padStart(4, '0').replace(/0+$/, '');
  return `${all / 10000n}${rest ? `.${rest}` : ''}%`;
}
