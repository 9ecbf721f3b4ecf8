{#
    Microseconds since 1970 as a bigint.

    Example: epoch_micros('reached_at')
#}
{% macro epoch_micros(timestamp) -%}
    {{ return(adapter.dispatch('epoch_micros')(timestamp)) }}
{%- endmacro %}

{% macro default__epoch_micros(timestamp) -%}
    epoch_us({{ timestamp }})
{%- endmacro %}

{% macro spark__epoch_micros(timestamp) -%}
    unix_micros({{ timestamp }})
{%- endmacro %}
