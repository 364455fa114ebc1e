/** Arithmetic by recursive descent: + - * / % ^, parentheses, decimals. Throws a `RangeError` that says what is wrong. */
export function evaluate(expression: string): number {
  if (expression.length > 200) throw new RangeError("The expression is longer than 200 characters.");
  const tokens = tokenize(expression);
  let next = 0;

  const accept = (...symbols: string[]) => {
    const token = tokens[next];
    if (token === undefined || !symbols.includes(token)) return undefined;
    next += 1;
    return token;
  };

  const sum = (): number => {
    let value = product();
    for (let sign = accept("+", "-"); sign; sign = accept("+", "-")) {
      const right = product();
      value = sign === "+" ? value + right : value - right;
    }
    return value;
  };

  const product = (): number => {
    let value = signed();
    for (let sign = accept("*", "/", "%"); sign; sign = accept("*", "/", "%")) {
      const right = signed();
      if (sign !== "*" && right === 0) throw new RangeError("A division by zero has no result.");
      value = sign === "*" ? value * right : sign === "/" ? value / right : value % right;
    }
    return value;
  };

  const signed = (): number => {
    if (accept("-")) return -signed();
    if (accept("+")) return signed();
    return power();
  };

  // A power binds tighter than a sign before it and groups to the right: -2^2 is -4, 2^3^2 is 512.
  const power = (): number => {
    const base = atom();
    return accept("^") ? base ** signed() : base;
  };

  const atom = (): number => {
    if (accept("(")) {
      const value = sum();
      if (!accept(")")) throw new RangeError("A closing parenthesis is missing.");
      return value;
    }
    const token = tokens[next];
    if (token === undefined) throw new RangeError("The expression ends too early.");
    if (!/^[\d.]/.test(token)) throw new RangeError(`A number was expected where "${token}" stands.`);
    next += 1;
    return Number(token);
  };

  const value = sum();
  if (next < tokens.length) throw new RangeError(`"${tokens[next]}" was not expected there.`);
  if (!Number.isFinite(value)) throw new RangeError("The result is not a finite number.");
  // Fifteen digits are what a double holds: 0.1 + 0.2 is 0.3 to a person.
  return Number(value.toPrecision(15));
}

function tokenize(expression: string): string[] {
  const plain = expression
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, "")
    .replaceAll("**", "^")
    .replace(/[×·]/g, "*")
    .replaceAll("÷", "/")
    .replaceAll("−", "-");
  const tokens: string[] = [];
  const token = /\s*(\d+(?:\.\d+)?|\.\d+|[-+*/%^()])\s*/y;
  while (token.lastIndex < plain.length) {
    const from = token.lastIndex;
    const symbol = token.exec(plain)?.[1];
    if (symbol === undefined) throw new RangeError(`"${plain.slice(from, from + 12).trim()}" is not arithmetic.`);
    tokens.push(symbol);
  }
  return tokens;
}
