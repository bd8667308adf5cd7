/** An exact decimal number: `units` of ten to the minus `scale`. 12.50 is 1250 at scale 2. Amounts are never floating-point numbers. */
export class Decimal {
  readonly units: bigint;
  readonly scale: number;
  constructor(units: bigint, scale: number) {
    this.units = units;
    this.scale = scale;
  }

  plus(other: Decimal): Decimal {
    if (this.scale === other.scale) return new Decimal(this.units + other.units, this.scale);
    const scale = Math.max(this.scale, other.scale);
    return new Decimal(this.at(scale) + other.at(scale), scale);
  }
  minus(other: Decimal): Decimal {
    return this.plus(other.negated());
  }
  times(other: Decimal): Decimal {
    return new Decimal(this.units * other.units, this.scale + other.scale);
  }
  /** Rounded half away from zero to `places`. @throws RangeError over zero. */
  over(other: Decimal, places: number): Decimal {
    const numerator = this.units * 10n ** BigInt(places + other.scale);
    return new Decimal(roundedQuotient(numerator, other.units * 10n ** BigInt(this.scale)), places);
  }
  /** Half away from zero, as pay slips are rounded. */
  rounded(places: number): Decimal {
    if (places >= this.scale) return new Decimal(this.at(places), places);
    return new Decimal(roundedQuotient(this.units, 10n ** BigInt(this.scale - places)), places);
  }
  negated(): Decimal {
    return new Decimal(-this.units, this.scale);
  }
  absolute(): Decimal {
    return this.units < 0n ? this.negated() : this;
  }
  /** Negative, zero or positive, as this is less than, equal to or more than the other. */
  compare(other: Decimal): number {
    if (this.scale === other.scale) return this.units < other.units ? -1 : this.units > other.units ? 1 : 0;
    const scale = Math.max(this.scale, other.scale);
    const [left, right] = [this.at(scale), other.at(scale)];
    return left < right ? -1 : left > right ? 1 : 0;
  }
  /** `1,200.00`, as a person reads it; every digit that there is, and at least two places where there are any. */
  toString(): string {
    const digits = String(this.units < 0n ? -this.units : this.units).padStart(this.scale + 1, '0');
    const whole = digits.slice(0, digits.length - this.scale).replace(/\B(?=(\d{3})+$)/g, ',');
    const part = this.scale === 0 ? '' : `.${digits.slice(digits.length - this.scale).padEnd(2, '0')}`;
    return `${this.units < 0n ? '-' : ''}${whole}${part}`;
  }
  private at(scale: number): bigint {
    return scale === this.scale ? this.units : this.units * 10n ** BigInt(scale - this.scale);
  }
}

export const zero = new Decimal(0n, 0);

/** More digits than this are no amount but somebody's mistake, or an attempt to keep us busy. */
const longest = 100;

/** `1200`, `-1200.50`; undefined for anything else: no thousands separators, no exponents, no spaces. */
export function parseDecimal(text: string): Decimal | undefined {
  return text.length <= 15 ? parseShort(text) : parseLong(text);
}
/** So few digits are a whole number that is exact, from which the big one is made. */
function parseShort(text: string): Decimal | undefined {
  const first = text.charCodeAt(0);
  let units = 0;
  let point = -1;
  const begin = first === minus || first === plus ? 1 : 0;
  for (let at = begin; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - zeroCode;
    if (digit >= 0 && digit <= 9) units = units * 10 + digit;
    else if (digit === pointDigit && point === -1 && at > begin) point = at;
    else return undefined;
  }
  if (text.length === begin || point === text.length - 1) return undefined;
  return new Decimal(BigInt(first === minus ? -units : units), point === -1 ? 0 : text.length - point - 1);
}
const zeroCode = 48;
const minus = 45;
const plus = 43;
const pointDigit = 46 - zeroCode;

function parseLong(text: string): Decimal | undefined {
  if (text.length > longest || !/^[+-]?\d+(?:\.\d+)?$/.test(text)) return undefined;
  const begin = text.startsWith('+') ? 1 : 0;
  const point = text.indexOf('.');
  if (point === -1) return new Decimal(BigInt(text.slice(begin)), 0);
  return new Decimal(BigInt(text.slice(begin, point) + text.slice(point + 1)), text.length - point - 1);
}

/**
 * A JSON number, when it says exactly one decimal: a safe integer, or a fraction of at most 15 significant digits, which is what a double
 * gives back as it was written. Undefined for any other: which amount was meant cannot be known any more.
 */
export function decimalOfNumber(value: number): Decimal | undefined {
  if (Number.isSafeInteger(value)) return new Decimal(BigInt(value), 0);
  const text = String(value);
  return text.replace(/^-?0?\.?0*|\./g, '').length <= 15 ? parseDecimal(text) : undefined;
}

function roundedQuotient(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const [above, below] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator];
  const quotient = (2n * above + below) / (2n * below);
  return negative ? -quotient : quotient;
}
