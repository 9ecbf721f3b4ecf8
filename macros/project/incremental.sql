{#
  A table on DuckDB that carries on with the rows of its last build where it may (carries_on.sql). Each row is stamped with
  a hash of what it was made of (`stamp` in the model's meta): rows whose stamp is not among those of `stamps_of`, a model,
  are deleted, and the model selects those that are missing (is_missing.sql). So a run that was killed between the two
  only leaves more of them missing. Where a stamp may rightly have no row (`may_be_empty`), a row of nothing but the stamp
  says that it was seen to. What made the table stands in its comment.
#}
{% materialization incremental, adapter='duckdb' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set meta = config.get('meta') -%}
    {%- set stamps = ref(meta.stamps_of) -%}
    {%- do drop_other_kind(target) -%}
    {%- do run_hooks(pre_hooks) -%}
    {%- call statement('main') -%}
        {% if carries_on() %}
        delete from {{ target }} where {{ meta.stamp }} not in (select {{ meta.stamp }} from {{ stamps }});
        insert into {{ target }} by name ({{ sql }});
        {% else %}
        create or replace table {{ target }} as ({{ sql }});
        comment on table {{ target }} is '{{ models_version() }}';
        {% endif %}
        {% if meta.may_be_empty %}
        insert into {{ target }} by name
        select {{ meta.stamp }} from {{ stamps }} where {{ meta.stamp }} not in (select distinct {{ meta.stamp }} from {{ target }});
        {% endif %}
    {%- endcall -%}
    {%- do run_hooks(post_hooks) -%}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
