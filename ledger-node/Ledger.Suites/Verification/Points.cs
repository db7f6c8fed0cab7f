using System.Runtime.CompilerServices;

namespace Ledger.Suites.Verification;

/// <summary>Four points side by side, none at infinity.</summary>
readonly struct Affine<TCurve>(in Lanes<TCurve> x, in Lanes<TCurve> y)
    where TCurve : struct, ICurve
{
    public readonly Lanes<TCurve> X = x;
    public readonly Lanes<TCurve> Y = y;
}

/// <summary>
/// Four points side by side as x = X/Z², y = Y/Z³. The formulas are incomplete: where two are added that are equal, opposite or at infinity, Z becomes zero, and
/// it is zero in every sum with that one. So who adds asks once, at the end, and where Z is zero knows nothing.
/// </summary>
struct Jacobian<TCurve>
    where TCurve : struct, ICurve
{
    public Lanes<TCurve> X;
    public Lanes<TCurve> Y;
    public Lanes<TCurve> Z;

    public Jacobian(in Affine<TCurve> point) => (X, Y, Z) = (point.X, point.Y, Lanes<TCurve>.One);

    /// <summary>For a = −3; of a point of odd order, which no doubling makes infinite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Double()
    {
        var delta = Z * Z;
        var gamma = Y * Y;
        var beta = X * gamma;
        var alpha = (X - delta) * (X + delta);
        alpha = alpha + alpha + alpha;
        var beta2 = beta + beta;
        var beta4 = beta2 + beta2;
        var x = (alpha * alpha) - (beta4 + beta4);
        var z = Y * Z;
        Z = z + z;
        var gamma2 = gamma + gamma;
        gamma2 = gamma2 * gamma2;
        Y = (alpha * (beta4 - x)) - (gamma2 + gamma2);
        X = x;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(in Affine<TCurve> q)
    {
        var zz = Z * Z;
        var h = (q.X * zz) - X;
        zz = zz * Z;
        var s = (q.Y * zz) - Y;
        Add(X, Y, Z * h, h, s);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(in Jacobian<TCurve> q)
    {
        var zz = Z * Z;
        var ww = q.Z * q.Z;
        var x = X * ww;
        var y = Y * (ww * q.Z);
        var h = (q.X * zz) - x;
        var s = (q.Y * (zz * Z)) - y;
        Add(x, y, Z * q.Z * h, h, s);
    }

    /// <summary>The four turned by two lanes, or by one.</summary>
    public readonly Jacobian<TCurve> TurnedByTwo() => new() { X = X.TurnedByTwo(), Y = Y.TurnedByTwo(), Z = Z.TurnedByTwo() };

    public readonly Jacobian<TCurve> TurnedByOne() => new() { X = X.TurnedByOne(), Y = Y.TurnedByOne(), Z = Z.TurnedByOne() };

    // x and y are the first point's over a common Z, h and s what the second's are beyond them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Add(in Lanes<TCurve> x, in Lanes<TCurve> y, in Lanes<TCurve> z, in Lanes<TCurve> h, in Lanes<TCurve> s)
    {
        var hh = h * h;
        var hhh = h * hh;
        var v = x * hh;
        var sum = (s * s) - hhh - (v + v);
        Y = (s * (v - sum)) - (y * hhh);
        X = sum;
        Z = z;
    }
}
