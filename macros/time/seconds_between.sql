{#
    Seconds from one timestamp to another, with their fraction, as a double; negative where `later` is earlier.

    Example: seconds_between('mql_at', 'customer_at')
#}
{% macro seconds_between(earlier, later) -%}
    ({{ epoch_micros(later) }} - {{ epoch_micros(earlier) }}) / cast(1000000 as double)
{%- endmacro %}
