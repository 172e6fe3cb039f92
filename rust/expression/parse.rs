//! From tokens to a program, by the strength with which operators bind (Pratt 1973).

use super::function::{FUNCTIONS, Function};
use super::near::nearest;
use super::token::{Kind, Token, tokens};
use super::{DEEPEST, Expression, Name, Op, Problem, STACK};

/// How tightly a sign holds its operand: tighter than a product, looser than a power.
const SIGN: u8 = 5;

pub(super) fn parse(text: &str) -> Result<Expression, Problem> {
    let mut parser = Parser {
        tokens: tokens(text)?.into_iter().peekable(),
        code: vec![],
        names: vec![],
        held: 0,
        depth: 0,
    };
    parser.operand(0)?;
    let rest = parser.next();
    match rest.kind {
        Kind::End => Ok(Expression { text: text.trim().to_string(), code: parser.code, names: parser.names }),
        Kind::Sign(')') => Err(Problem::new(rest.position, "no bracket is open that ) could close")),
        _ => Err(Problem::new(rest.position, format!("an operator is missing before {rest}"))),
    }
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    code: Vec<Op>,
    names: Vec<Name>,
    /// Values on the stack where the program ends so far.
    held: usize,
    depth: usize,
}

/// An infix operator: how tightly it holds what is left and right of it.
fn infix(kind: &Kind) -> Option<(u8, u8, Op)> {
    match kind {
        Kind::Sign('+') => Some((1, 2, Op::Add)),
        Kind::Sign('-') => Some((1, 2, Op::Subtract)),
        Kind::Sign('*') => Some((3, 4, Op::Multiply)),
        Kind::Sign('/') => Some((3, 4, Op::Divide)),
        Kind::Sign('^') => Some((7, 6, Op::Power)),
        _ => None,
    }
}

impl Parser {
    /// The end stays for ever.
    fn next(&mut self) -> Token {
        self.tokens.next().unwrap_or(Token { kind: Kind::End, position: 0 })
    }

    fn at(&mut self, sign: char) -> bool {
        self.tokens.peek().is_some_and(|token| token.kind == Kind::Sign(sign))
    }

    fn expect(&mut self, sign: char, why: &str) -> Result<(), Problem> {
        let token = self.next();
        if token.kind == Kind::Sign(sign) {
            return Ok(());
        }
        Err(Problem::new(token.position, format!("{why}, not {token}")))
    }

    fn emit(&mut self, op: Op, position: usize) -> Result<(), Problem> {
        self.held = self.held + 1 - op.operands();
        if self.held > STACK {
            return Err(Problem::new(position, "too deeply nested; split the expression with let"));
        }
        self.code.push(op);
        Ok(())
    }

    /// What binds at least this tightly.
    fn operand(&mut self, least: u8) -> Result<(), Problem> {
        let position = self.tokens.peek().map_or(0, |token| token.position);
        if self.depth == DEEPEST {
            return Err(Problem::new(position, "too deeply nested; split the expression with let"));
        }
        self.depth += 1;
        self.prefix()?;
        while let Some((left, right, op)) = self.tokens.peek().and_then(|token| infix(&token.kind)) {
            if left < least {
                break;
            }
            let position = self.next().position;
            self.operand(right)?;
            self.operator(op, position)?;
        }
        self.depth -= 1;
        Ok(())
    }

    fn operator(&mut self, op: Op, position: usize) -> Result<(), Problem> {
        match (op, self.code.last()) {
            (Op::Power, Some(&Op::Number(power))) if power.abs() <= 64.0 && power as i32 as f64 == power => {
                self.code.pop();
                self.held -= 1;
                self.emit(Op::Whole(power as i32), position)
            }
            _ => self.emit(op, position),
        }
    }

    fn prefix(&mut self) -> Result<(), Problem> {
        let token = self.next();
        match token.kind {
            Kind::Number(number) => self.emit(Op::Number(number), token.position),
            Kind::Name(ref name) if self.at('(') => self.call(name, token.position),
            Kind::Name(name) => self.name(name, token.position),
            Kind::Sign('(') => {
                self.operand(0)?;
                self.expect(')', "a bracket is closed by )")
            }
            Kind::Sign('+') => self.operand(SIGN),
            Kind::Sign('-') => self.negative(token.position),
            _ => Err(Problem::new(token.position, format!("a number, a name or ( is expected, not {token}"))),
        }
    }

    fn negative(&mut self, position: usize) -> Result<(), Problem> {
        let begin = self.code.len();
        self.operand(SIGN)?;
        match self.code[begin..] {
            [Op::Number(number)] => {
                self.code[begin] = Op::Number(-number);
                Ok(())
            }
            _ => self.emit(Op::Negate, position),
        }
    }

    fn name(&mut self, text: String, position: usize) -> Result<(), Problem> {
        if text == "pi" {
            return self.emit(Op::Number(std::f64::consts::PI), position);
        }
        if FUNCTIONS.iter().any(|function| function.name == text) {
            return Err(Problem::new(position, format!("{text} is a function; call it as {text}(...)")));
        }
        let index = self.names.iter().position(|name| name.text == text).unwrap_or_else(|| {
            self.names.push(Name { text, position });
            self.names.len() - 1
        });
        self.emit(Op::Name(index), position)
    }

    fn call(&mut self, name: &str, position: usize) -> Result<(), Problem> {
        let Some(function) = FUNCTIONS.iter().find(|function| function.name == name) else {
            return Err(Problem::new(position, unknown(name)));
        };
        self.next();
        let mut count = 0;
        while count == 0 || self.at(',') {
            if count > 0 {
                self.next();
            } else if self.at(')') {
                break;
            }
            self.operand(0)?;
            count += 1;
            if function.most.is_none() && count > 1 {
                self.emit(function.op, position)?;
            }
        }
        self.expect(')', "the arguments of a function are parted by , and closed by )")?;
        self.finish_call(function, count, position)
    }

    fn finish_call(&mut self, function: &Function, count: usize, position: usize) -> Result<(), Problem> {
        if count < function.least || function.most.is_some_and(|most| count > most) {
            let message = format!("{} takes {}, not {count}", function.name, function.arguments());
            return Err(Problem::new(position, message));
        }
        if function.most.is_some() { self.emit(function.op, position) } else { Ok(()) }
    }
}

fn unknown(name: &str) -> String {
    let names = || FUNCTIONS.iter().map(|function| function.name);
    let hint = nearest(name, names()).map_or(String::new(), |near| format!("did you mean {near}? "));
    format!("no function is called {name}; {hint}there are {}", names().collect::<Vec<_>>().join(", "))
}
