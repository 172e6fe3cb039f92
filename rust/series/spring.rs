//! A mass on a spring, damped and driven, in closed form: x'' = -(k/m) x - c x' + A cos(W t + phase).

use super::oscillator::Oscillator;
use super::pendulum::{self, FORCING};
use super::{Observable, Run, Setup, Shape, System};
use crate::isa::Isa;
use crate::param::{Family, Model, Param, Prior, Range, Scale, Unit};
