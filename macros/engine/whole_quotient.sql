{#
    How often one bigint goes into another, cut towards zero.

    Example: whole_quotient('cents', 'days')
#}
{% macro whole_quotient(dividend, divisor) -%}
    {{ return(adapter.dispatch('whole_quotient')(dividend, divisor)) }}
{%- endmacro %}

{% macro default__whole_quotient(dividend, divisor) -%}
    {{ dividend }} // {{ divisor }}
{%- endmacro %}

{% macro spark__whole_quotient(dividend, divisor) -%}
    {{ dividend }} div {{ divisor }}
{%- endmacro %}
