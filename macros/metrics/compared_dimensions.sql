{#
    By what touches are told apart where the models are set side by side: columns of int_metrics_touch_values.

    Example: {% for dimension in compared_dimensions() %}
#}
{% macro compared_dimensions() -%}
    {{ return(['channel', 'campaign', 'source', 'medium', 'content', 'term', 'referrer', 'landing_page']) }}
{%- endmacro %}
