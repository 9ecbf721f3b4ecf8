{#
    Microseconds from one timestamp to another as a decimal, for sums that must not depend on the order of rows, as
    those of doubles do.

    Example: micros_between('mql_at', 'customer_at')
#}
{% macro micros_between(earlier, later) -%}
    cast({{ epoch_micros(later) }} - {{ epoch_micros(earlier) }} as decimal(20, 0))
{%- endmacro %}
