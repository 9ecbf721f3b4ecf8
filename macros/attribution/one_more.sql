{#
    A touch's hundredths: those of its share, and one more where its remainder is among the largest (`remainder_number`
    counts them from 1), as long as any are left. The remainders of a conversion sum to what is left.

    Example: see models/intermediate/attribution/int_attribution_parts.sql
#}
{% macro one_more(units, remainder_number, units_left) -%}
    {{ units }} + case when {{ remainder_number }} <= {{ units_left }} then 1 else 0 end
{%- endmacro %}
