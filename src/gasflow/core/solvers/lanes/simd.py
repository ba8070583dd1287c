"""Eight lanes as one value: a vector type for numba, so that no bit depends on how a loop was vectorised.

A value of type `lanes` is eight doubles, one per scenario, that live in one register (or in two or four where the
processor has narrower ones). `+ - * /`, comparisons and the functions below act lane by lane. Written with
ordinary loops, the same kernel would leave it to the compiler where full vectors end and scalar remainders
begin, and it would check at run time whether arrays overlap; here every lane takes exactly the same instructions.

Only for use inside functions compiled by numba; importing this module imports numba.
"""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, models, register_model

LANES = 8

_VECTOR = ir.VectorType(ir.DoubleType(), LANES)
_BITS = ir.VectorType(ir.IntType(1), LANES)


class _LanesType(types.Type):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(name="Lanes")


class _MaskType(types.Type):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(name="LaneMask")


lanes = _LanesType()
mask = _MaskType()


@register_model(_LanesType)
class _LanesModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, numba_type: Any) -> None:
        super().__init__(manager, numba_type, _VECTOR)


@register_model(_MaskType)
class _MaskModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, numba_type: Any) -> None:
        super().__init__(manager, numba_type, _BITS)


def _define(symbol: Any, operand: Any, result: Any, emit: Any, arity: int = 2) -> None:
    """Give a Python operator a meaning on lanes: its type rule and the instruction that it becomes."""

    class Rule(AbstractTemplate):  # type: ignore[misc]
        def generic(self, args: Any, keywords: Any) -> Any:
            return signature(result, *args) if args == (operand,) * arity else None

    infer_global(symbol)(Rule)

    @lower_builtin(symbol, *[type(operand)] * arity)
    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return emit(builder, *args)


_define(operator.add, lanes, lanes, lambda builder, a, b: builder.fadd(a, b))
_define(operator.sub, lanes, lanes, lambda builder, a, b: builder.fsub(a, b))
_define(operator.mul, lanes, lanes, lambda builder, a, b: builder.fmul(a, b))
_define(operator.truediv, lanes, lanes, lambda builder, a, b: builder.fdiv(a, b))
_define(operator.neg, lanes, lanes, lambda builder, a: builder.fneg(a), arity=1)
_define(operator.lt, lanes, mask, lambda builder, a, b: builder.fcmp_ordered("<", a, b))
_define(operator.gt, lanes, mask, lambda builder, a, b: builder.fcmp_ordered(">", a, b))
_define(operator.le, lanes, mask, lambda builder, a, b: builder.fcmp_ordered("<=", a, b))
_define(operator.and_, mask, mask, lambda builder, a, b: builder.and_(a, b))
_define(operator.or_, mask, mask, lambda builder, a, b: builder.or_(a, b))
_define(operator.invert, mask, mask, lambda builder, a: builder.not_(a), arity=1)


def _address(context: Any, builder: Any, array_type: Any, array: Any, position: Any) -> Any:
    data = cgutils.create_struct_proxy(array_type)(context, builder, value=array).data
    return builder.bitcast(builder.gep(data, [position]), _VECTOR.as_pointer())


@intrinsic
def load(typing_context: Any, array: Any, position: Any) -> Any:
    """Lanes `array[position : position + 8]` of a contiguous array, as one value."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.load(_address(context, builder, sig.args[0], *args), align=8)

    return lanes(array, types.intp), emit


@intrinsic
def store(typing_context: Any, array: Any, position: Any, value: Any) -> Any:
    """Write eight lanes to `array[position : position + 8]`."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        builder.store(args[2], _address(context, builder, sig.args[0], args[0], args[1]), align=8)
        return context.get_dummy_value()

    return types.void(array, types.intp, lanes), emit


@intrinsic
def splat(typing_context: Any, number: Any) -> Any:
    """Return the same number in every lane."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _splat(builder, args[0])

    return lanes(types.float64), emit


def _splat(builder: Any, number: Any) -> Any:
    one = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), number, ir.IntType(32)(0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(one, ir.Constant(_VECTOR, ir.Undefined), zeros)


def _call(builder: Any, name: str, args: Any) -> Any:
    function_type = ir.FunctionType(_VECTOR, [_VECTOR] * len(args))
    return builder.call(cgutils.get_or_insert_function(builder.module, function_type, name), args)


@intrinsic
def fma(typing_context: Any, a: Any, b: Any, c: Any) -> Any:
    """Return a * b + c, rounded once."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _call(builder, "llvm.fma.v8f64", args)

    return lanes(lanes, lanes, lanes), emit


@intrinsic
def select(typing_context: Any, chosen: Any, a: Any, b: Any) -> Any:
    """Where `chosen` then a, else b."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.select(*args)

    return lanes(mask, lanes, lanes), emit


@intrinsic
def larger(typing_context: Any, a: Any, b: Any) -> Any:
    """Where a > b then a, else b; so b where a is NaN."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered(">", *args), *args)

    return lanes(lanes, lanes), emit


@intrinsic
def smaller(typing_context: Any, a: Any, b: Any) -> Any:
    """Where a < b then a, else b; so b where a is NaN."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered("<", *args), *args)

    return lanes(lanes, lanes), emit


@intrinsic
def magnitude(typing_context: Any, a: Any) -> Any:
    """Return ``|a|``."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return _call(builder, "llvm.fabs.v8f64", args)

    return lanes(lanes), emit


@intrinsic
def any_lane(typing_context: Any, a: Any) -> Any:
    """Return whether the mask holds in at least one lane."""

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.icmp_unsigned("!=", builder.bitcast(args[0], ir.IntType(LANES)), ir.IntType(LANES)(0))

    return types.boolean(mask), emit
