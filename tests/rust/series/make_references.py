"""Writes `references.rs`: pendulums by mpmath's elliptic functions, the rest by SciPy's DOP853.

    python make_references.py > references.rs

mpmath works in 40 digits, from the numbers as float64 holds them. SciPy integrates with rtol 1e-13 and atol
1e-15, in steps of at most 0.02: its interpolant, which no tolerance watches, is then as good as its steps.
"""

import numpy as np
from mpmath import asin, ellipf, ellipfun, ellipk, floor, mp, mpf, pi, sin, sqrt
from scipy.integrate import solve_ivp

mp.dps = 40
GRAVITY, TIMES = 9.80665, 41


def amplitude(u, m):
    """am(u, m), which counts turns."""
    period = 2 * ellipk(m)
    n = floor(u / period + mpf(1) / 2)
    return n * pi + asin(ellipfun("sn", u - n * period, m=m))


def free(length, angle, velocity, periods):
    """The exact angle and angular velocity: g 9.80665, times from 0 over so many periods of small swings."""
    length, start, velocity = mpf(float(length)), mpf(float(angle)) * pi / 180, mpf(float(velocity)) * pi / 180
    w = sqrt(mpf(GRAVITY) / length)
    k = sqrt(sin(start / 2) ** 2 + (velocity / (2 * w)) ** 2)
    last = float(periods)
    rows = []
    for i in range(TIMES):
        time = mpf(last * i / (TIMES - 1))
        if k < 1:
            first = ellipf(asin(sin(start / 2) / k), k**2)
            first = first if velocity >= 0 else 2 * ellipk(k**2) - first
            u = w * time + first
            sn, cn = ellipfun("sn", u, m=k**2), ellipfun("cn", u, m=k**2)
            rows.append((2 * asin(k * sn), 2 * w * k * cn))
        else:
            way = 1 if velocity > 0 else -1
            u = way * w * k * time + ellipf(start / 2, 1 / k**2)
            rows.append((2 * amplitude(u, 1 / k**2), 2 * way * w * k * ellipfun("dn", u, m=1 / k**2)))
    return last, rows


def period(length, angle):
    return 4 * ellipk(sin(mpf(float(angle)) * pi / 360) ** 2) * sqrt(mpf(float(length)) / mpf(GRAVITY))


def integrated(rate, start, last):
    times = np.linspace(0, last, TIMES)
    solution = solve_ivp(rate, (0, last), start, "DOP853", t_eval=times, rtol=1e-13, atol=1e-15, max_step=0.02)
    return last, solution.y.T.tolist()


def pendulum(*parameters):
    length, angle, velocity, damping, amplitude, frequency, phase, last = parameters

    def rate(time, state):
        drive = amplitude * np.cos(frequency * time + np.radians(phase))
        return [state[1], -GRAVITY / length * np.sin(state[0]) - damping * state[1] + drive]

    return integrated(rate, np.radians([angle, velocity]), last)


def spring(*parameters):
    """Of mass 2."""
    stiffness, position, velocity, damping, amplitude, frequency, phase, last = parameters

    def rate(time, state):
        drive = amplitude * np.cos(frequency * time + np.radians(phase))
        return [state[1], -stiffness / 2 * state[0] - damping * state[1] + drive]

    return integrated(rate, [position, velocity], last)


def double(*parameters):
    (l1, l2, m1, m2, q1, q2, v1, v2, last), g = parameters, GRAVITY

    def rate(_, state):
        a, b, u, v = state
        s, c = np.sin(a - b), np.cos(a - b)
        whole = m1 + m2 * s * s
        du = m2 * g * np.sin(b) * c - m2 * s * (l1 * u * u * c + l2 * v * v) - (m1 + m2) * g * np.sin(a)
        dv = (m1 + m2) * (l1 * u * u * s - g * np.sin(b) + g * np.sin(a) * c) + m2 * l2 * v * v * s * c
        return [u, v, du / (l1 * whole), dv / (l2 * whole)]

    return integrated(rate, np.radians([q1, q2, v1, v2]), last)


FREE = [
    *((length, angle, "0", 19.7) for length, angle in [("2", "0.001"), ("0.5", "10"), ("10", "90"), ("2", "-135")]),
    *(("2", angle, "0", 19.7) for angle in ("170", "179", "179.9")),
    ("2", "60", "-100", 10),
    ("2", "-120", "20", 10),
    ("2", "0", "250", 10),
    ("2", "30", "-300", 20),
    ("1", "90", "2000", 5),
]
FORCED = [
    (2.0, 120.0, 0.0, 0.1, 0.0, 1.0, 0.0, 30.0),
    (1.0, 60.0, 30.0, 8.0, 0.0, 1.0, 0.0, 5.0),
    (1.5, 20.0, -40.0, 0.3, 1.0, 2.0, 40.0, 30.0),
    (2.0, 0.0, 0.0, 0.0, 0.5, 2.2, 0.0, 20.0),
]
SPRINGS = [
    (18.0, 1.0, -2.0, 0.0, 0.0, 1.0, 0.0, 20.0),
    (18.0, 1.0, -2.0, 0.4, 0.0, 1.0, 0.0, 20.0),
    (18.0, 1.0, -2.0, 6.0, 0.0, 1.0, 0.0, 5.0),
    (18.0, 1.0, -2.0, 40.0, 0.0, 1.0, 0.0, 5.0),
    (18.0, 1.0, -2.0, 0.4, 3.0, 2.0, 30.0, 20.0),
    (18.0, 0.0, 0.0, 0.0, 3.0, 3.0, 30.0, 20.0),
    (18.0, 0.0, 0.0, 0.0, 3.0, 3.0000001, -70.0, 20.0),
    (18.0, 0.5, 0.0, 6.0, 3.0, 3.0, 200.0, 10.0),
    (18.0, 0.5, 0.0, 40.0, 3.0, 0.0, 0.0, 10.0),
]
DOUBLES = [
    (1.0, 1.0, 1.0, 1.0, 10.0, -5.0, 0.0, 0.0, 20.0),
    (1.0, 0.5, 2.0, 0.3, 90.0, 120.0, 0.0, 0.0, 5.0),
    (0.7, 1.3, 0.5, 1.5, -150.0, 170.0, 40.0, -300.0, 3.0),
]


def numbers(values):
    return ", ".join(repr(float(x)) for x in values)


def show(name, form, cases):
    print(f"\n/// {form}")
    print("#[rustfmt::skip]")
    print(f"pub const {name}: &[Case] = &[")
    for parameters, (last, rows) in cases:
        states = numbers(x for row in rows for x in row)
        print(f"    Case {{ parameters: &[{numbers(parameters)}], last: {last!r}, states: &[{states}] }},")
    print("];")


HEAD = """//! Made by `make_references.py`.

#![allow(clippy::approx_constant)]

/// A run and its true states at 41 times from 0 to the last.
pub struct Case {
    pub parameters: &'static [f64],
    pub last: f64,
    pub states: &'static [f64],
}"""

print(HEAD)
swings = [(c[:3], free(*c[:3], c[3] * (period(*c[:2]) if c[2] == "0" else 1))) for c in FREE]
show("FREE", "length, angle, angular velocity; by mpmath.", swings)
show("FORCED", "length, angle, angular velocity, damping, drive; by SciPy.", [(c[:7], pendulum(*c)) for c in FORCED])
show("SPRINGS", "stiffness, position, velocity, damping, drive; by SciPy.", [(c[:7], spring(*c)) for c in SPRINGS])
show("DOUBLES", "lengths, masses, angles, angular velocities; by SciPy.", [(c[:8], double(*c)) for c in DOUBLES])
