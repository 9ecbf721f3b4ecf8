{#
    A timestamp moved back by a number of days of 86,400 seconds; `days` is a SQL expression of an integer.

    Example: days_before('created_at', 'lookback_days')
#}
{% macro days_before(timestamp, days) -%}
    {{ return(adapter.dispatch('days_before')(timestamp, days)) }}
{%- endmacro %}

{% macro default__days_before(timestamp, days) -%}
    ({{ timestamp }} - to_hours(24 * cast({{ days }} as integer)))
{%- endmacro %}

{% macro spark__days_before(timestamp, days) -%}
    timestampadd(hour, -24 * cast({{ days }} as integer), {{ timestamp }})
{%- endmacro %}
