//! From characters to tokens.

use super::{LONGEST, Problem};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Number(f64),
    Name(String),
    /// One of `+ - * / ( ) ,`, or `^` for `**`.
    Sign(char),
    End,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Its first character, from 1.
    pub(super) position: usize,
}

impl std::fmt::Display for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.kind {
            Kind::Number(number) => write!(f, "{number}"),
            Kind::Name(name) => write!(f, "{name}"),
            Kind::Sign('^') => write!(f, "**"),
            Kind::Sign(sign) => write!(f, "{sign}"),
            Kind::End => write!(f, "the end"),
        }
    }
}

/// The tokens of a text after its `=`, the last being the end.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Problem> {
    let characters: Vec<char> = text.chars().take(LONGEST + 1).collect();
    if characters.len() > LONGEST {
        return Err(Problem::new(
            LONGEST,
            format!("the expression is too long; at most {LONGEST} characters are allowed"),
        ));
    }
    let begin = characters.iter().position(|c| !c.is_whitespace()).unwrap_or(0);
    if characters.get(begin) != Some(&'=') {
        return Err(Problem::new(begin + 1, "an expression begins with =, as in \"= 2 * flux\""));
    }
    let mut reader = Reader { characters: &characters, at: begin + 1 };
    let mut tokens = vec![];
    while tokens.last().is_none_or(|token: &Token| token.kind != Kind::End) {
        tokens.push(reader.token()?);
    }
    Ok(tokens)
}

struct Reader<'a> {
    characters: &'a [char],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.characters.get(self.at + ahead).copied()
    }

    fn token(&mut self) -> Result<Token, Problem> {
        while self.peek(0).is_some_and(char::is_whitespace) {
            self.at += 1;
        }
        let position = self.at + 1;
        let kind = match self.peek(0) {
            None => Kind::End,
            Some(c) if c.is_ascii_digit() || (c == '.' && self.is_digit(1)) => self.number()?,
            Some(c) if is_start(c) => self.name(),
            Some(c) => self.sign(c)?,
        };
        Ok(Token { kind, position })
    }

    fn is_digit(&self, ahead: usize) -> bool {
        self.peek(ahead).is_some_and(|c| c.is_ascii_digit())
    }

    fn digits(&mut self) {
        while self.is_digit(0) {
            self.at += 1;
        }
    }

    fn number(&mut self) -> Result<Kind, Problem> {
        let begin = self.at;
        self.digits();
        if self.peek(0) == Some('.') {
            self.at += 1;
            self.digits();
        }
        let signed = usize::from(matches!(self.peek(1), Some('+' | '-')));
        if matches!(self.peek(0), Some('e' | 'E')) && self.is_digit(1 + signed) {
            self.at += 1 + signed;
            self.digits();
        }
        let written: String = self.characters[begin..self.at].iter().collect();
        match written.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Kind::Number(number)),
            _ => Err(Problem::new(begin + 1, format!("{written} is too large a number; at most 1.8e308"))),
        }
    }

    /// Words joined by points.
    fn name(&mut self) -> Kind {
        let begin = self.at;
        while self.peek(0).is_some_and(|c| is_start(c) || c.is_numeric())
            || (self.peek(0) == Some('.') && self.peek(1).is_some_and(is_start))
        {
            self.at += 1;
        }
        Kind::Name(self.characters[begin..self.at].iter().collect())
    }

    fn sign(&mut self, c: char) -> Result<Kind, Problem> {
        let power = c == '*' && self.peek(1) == Some('*');
        let problem = |message: String| Err(Problem::new(self.at + 1, message));
        match c {
            '+' | '-' | '*' | '/' | '(' | ')' | ',' => {}
            '^' => return problem("powers are written **, as in x ** 2".into()),
            '<' | '>' | '=' | '!' => {
                return problem(format!("{c}: there are no comparisons; use min, max or clip"));
            }
            _ => {
                return problem(format!(
                    "{c:?} is not allowed; there are + - * / ** ( ) numbers, names and functions"
                ));
            }
        }
        self.at += 1 + usize::from(power);
        Ok(Kind::Sign(if power { '^' } else { c }))
    }
}

fn is_start(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}
