{#
    The interpolated percentile of a group, as a double; nulls are left out.

    Example: percentile('velocity_days', 0.5)
#}
{% macro percentile(column, share) -%}
    {{ return(adapter.dispatch('percentile')(column, share)) }}
{%- endmacro %}

{% macro default__percentile(column, share) -%}
    quantile_cont({{ column }}, {{ share }})
{%- endmacro %}

{% macro spark__percentile(column, share) -%}
    percentile({{ column }}, {{ share }})
{%- endmacro %}
