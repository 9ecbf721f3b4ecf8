{#
    Seconds from one timestamp to another, with their fraction, as a double; negative where `later` is earlier.

    Example: seconds_between('mql_at', 'customer_at')
#}
{% macro seconds_between(earlier, later) -%}
    ({{ epoch_micros(later) }} - {{ epoch_micros(earlier) }}) / cast(1000000 as double)
{%- endmacro %}

{#
    Microseconds from one timestamp to another as a decimal, for sums that must not depend on the order of rows, as
    those of doubles do.

    Example: micros_between('mql_at', 'customer_at')
#}
{% macro micros_between(earlier, later) -%}
    cast({{ epoch_micros(later) }} - {{ epoch_micros(earlier) }} as decimal(20, 0))
{%- endmacro %}

{# Microseconds since 1970 as a bigint. #}
{% macro epoch_micros(timestamp) -%}
    {{ return(adapter.dispatch('epoch_micros')(timestamp)) }}
{%- endmacro %}

{% macro default__epoch_micros(timestamp) -%}
    epoch_us({{ timestamp }})
{%- endmacro %}

{% macro spark__epoch_micros(timestamp) -%}
    unix_micros({{ timestamp }})
{%- endmacro %}
