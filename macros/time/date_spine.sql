{#
    A select list item with one row a day from `first_day` to `last_day`, both included.

    Example: select {{ '{{' }} date_spine('first_day', 'last_day') {{ '}}' }} as date_day from bounds
#}
{% macro date_spine(first_day, last_day) -%}
    {{ return(adapter.dispatch('date_spine')(first_day, last_day)) }}
{%- endmacro %}

{% macro default__date_spine(first_day, last_day) -%}
    cast(unnest(generate_series({{ first_day }}, {{ last_day }}, interval 1 day)) as date)
{%- endmacro %}

{% macro spark__date_spine(first_day, last_day) -%}
    explode(sequence({{ first_day }}, {{ last_day }}, interval 1 day))
{%- endmacro %}
